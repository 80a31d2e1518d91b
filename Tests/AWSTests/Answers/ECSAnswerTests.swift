import AWS
import Testing

/// What ECS answers, and what servers that stand in for it or in between may answer.
@Suite("An answer of ECS")
struct ECSAnswerTests {
    @Test(
        "about services is never more than was said",
        arguments: Given.services)
    func services(body: String, outcome: String) async {
        #expect(await Operation.describeServices.outcome(Canned(body)) == outcome)
    }

    @Test(
        "about a task never makes an exit code of what is none",
        arguments: Given.exitCodes)
    func exitCodes(body: String, outcome: String) async {
        let expected =
            outcome == "exitCode of a container"
            ? "\(Written.malformed)\(outcome) of task arn:task/c/1 is not a whole number" : outcome
        #expect(await Operation.describeTasks.outcome(Canned(body)) == expected)
    }

    @Test(
        "about tasks is never more than was said",
        arguments: Given.tasks)
    func tasks(body: String, outcome: String) async {
        #expect(await Operation.describeTasks.outcome(Canned(body)) == outcome)
    }

    @Test(
        "to RunTask names the task, or the reason, or nothing is known",
        arguments: Given.runTask)
    func runTask(body: String, outcome: String) async {
        #expect(await Operation.runTask.outcome(Canned(body)) == outcome)
    }

    @Test(
        "that lists is read in full or not at all",
        arguments: Given.lists)
    func lists(operation: Operation, body: String, outcome: String) async {
        #expect(await operation.outcome(Canned(body)) == outcome)
    }

    @Test("with a revision has its ARN and its family", arguments: Given.revisions)
    func revision(body: String, outcome: String) async {
        #expect(await Operation.describeTaskDefinition.outcome(Canned(body)) == outcome)
        // A new one is never anything but active.
        if outcome.contains("RETIRED") { return }
        #expect(await Operation.registerTaskDefinition.outcome(Canned(body)) == outcome)
    }

    @Test(
        "about a registration is believed only if it is about what was sent",
        arguments: [
            (
                #""taskDefinitionArn":"app:1","family":"app","containerDefinitions":[{"name":"a","image":"old"}]"#,
                "images"
            ),
            (
                #""taskDefinitionArn":"app:1","family":"app","containerDefinitions":[{"name":"b","image":"r"}]"#,
                "images"
            ),
            (
                #""taskDefinitionArn":"app:1","family":"app","containerDefinitions":[{"name":"a","image":"r"},{"name":"b","image":"r"}]"#,
                "images"
            ),
            (#""taskDefinitionArn":"o:1","family":"o","containerDefinitions":[{"name":"a","image":"r"}]"#, "family o"),
            (
                #""taskDefinitionArn":"app:1","family":"app","status":"INACTIVE","containerDefinitions":[{"name":"a","image":"r"}]"#,
                "INACTIVE"
            ),
        ])
    func registration(members: String, reason: String) async {
        let outcome = await Operation.registerTaskDefinition.outcome(Canned("{\"taskDefinition\":{\(members)}}"))
        #expect(outcome.hasPrefix("malformed") && outcome.contains(reason), "\(outcome)")
    }

    @Test(
        "to UpdateService has the service",
        arguments: Given.updateService)
    func updateService(body: String, outcome: String) async {
        #expect(await Operation.updateService.outcome(Canned(body)) == outcome)
    }

    @Test(
        "to TagResource says nothing, in one way or another",
        arguments: ["{}", " {} ", #"{"ResponseMetadata":{}}"#])
    func tagResource(body: String) async {
        #expect(await Operation.tagResource.outcome(Canned(body)) == "done")
    }
}
