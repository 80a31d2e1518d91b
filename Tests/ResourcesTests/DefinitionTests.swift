import JSON
import Reconciler
import Testing

@testable import AWS
@testable import Resources

@Suite("Definitions")
struct DefinitionTests {
    static func digest(_ text: String) throws -> String { DefinitionContent(try JSON.parse(text)).digest }

    @Test("what a server fills in does not make another definition")
    func serverDefaults() throws {
        let declared = #"""
            {"family":"f","networkMode":"awsvpc","cpu":"0.25 vCPU","memory":"0.5 GB","requiresCompatibilities":["FARGATE"],
             "containerDefinitions":[{"name":"app","image":"r:1","portMappings":[{"containerPort":80}],
              "environment":[{"name":"B","value":""},{"name":"A","value":"1"}],"healthCheck":{"command":["CMD","x"]}}]}
            """#
        let shown = #"""
            {"taskDefinitionArn":"arn:x/f:3","family":"f","revision":3,"status":"ACTIVE","networkMode":"awsvpc","cpu":"256",
             "memory":"512","volumes":[],"placementConstraints":[],"requiresAttributes":[{"name":"z"}],
             "compatibilities":["EC2","FARGATE"],"requiresCompatibilities":["FARGATE"],"registeredAt":1.5,"registeredBy":"me",
             "taskRoleArn":null,"pidMode":"",
             "containerDefinitions":[{"name":"app","image":"r:1","cpu":0,"essential":true,
              "portMappings":[{"containerPort":80,"hostPort":80,"protocol":"tcp"}],"mountPoints":[],"volumesFrom":[],
              "systemControls":[],"environment":[{"name":"A","value":"1"},{"name":"B","value":""}],
              "healthCheck":{"command":["CMD","x"],"interval":30,"timeout":5,"retries":3}}]}
            """#
        #expect(try Self.digest(declared) == Self.digest(shown))
    }

    @Test(
        "what was declared differently does",
        arguments: [
            (#"{"essential":false}"#, #"{"essential":true}"#), (#"{"cpu":1}"#, #"{"cpu":0}"#),
            (#"{"command":["a",""]}"#, #"{"command":["a"]}"#), (#"{"command":["a","b"]}"#, #"{"command":["b","a"]}"#),
            (#"{"environment":[{"name":"A","value":""}]}"#, "{}"),
            (#"{"portMappings":[{"containerPort":80,"hostPort":8080}]}"#, #"{"portMappings":[{"containerPort":80}]}"#),
            (#"{"restartPolicy":{"enabled":true}}"#, #"{"restartPolicy":{"enabled":false}}"#),
            (#"{"healthCheck":{"retries":4}}"#, #"{"healthCheck":{"retries":3}}"#),
        ])
    func differences(left: String, right: String) throws {
        func document(_ container: String) throws -> String {
            var container = try JSON.parse(container)
            container["name"] = "app"
            return JSON.object(dropping: ["family": "f", "containerDefinitions": [container]]).compact
        }
        #expect(try Self.digest(document(left)) != Self.digest(document(right)))
    }

    @Test("a difference is told field by field, and values of the environment as fingerprints")
    func fields() throws {
        let old = DefinitionContent(
            try JSON.parse(
                #"{"family":"f","cpu":"256","containerDefinitions":[{"name":"app","image":"r:1","environment":[{"name":"PW","value":"hunter2"},{"name":"GONE","value":"hunter3"}],"logConfiguration":{"logDriver":"splunk","options":{"splunk-token":"hunter4"}}}]}"#
            ))
        let new = DefinitionContent(
            try JSON.parse(
                #"{"family":"f","cpu":"512","containerDefinitions":[{"name":"app","image":"r:2","environment":[{"name":"PW","value":"hunter5"}],"logConfiguration":{"logDriver":"splunk","options":{"splunk-token":"hunter6"}}},{"name":"side","image":"s","environment":[{"name":"X","value":"hunter7"}]}]}"#
            ))
        let fields = DefinitionDiff(fingerprint: { "#\($0.count)" }).fields(from: old, to: new)
        #expect(
            fields == [
                FieldChange(path: "containerDefinitions[app].environment[GONE]", from: "#9", to: nil),
                FieldChange(path: "containerDefinitions[app].environment[PW]", from: "#9", to: "#9"),
                FieldChange(path: "containerDefinitions[app].image", from: "r:1", to: "r:2"),
                FieldChange(
                    path: "containerDefinitions[app].logConfiguration.options.splunk-token", from: "#9", to: "#9"),
                FieldChange(
                    path: "containerDefinitions[side]", from: nil,
                    to: ##"{"environment":[{"name":"X","value":"#9"}],"image":"s","name":"side"}"##),
                FieldChange(path: "cpu", from: "256", to: "512"),
            ])
        #expect(!"\(fields)".contains("hunter"))
    }

    @Test("what is kept of a revision holds no value of its environment, and reads back the same")
    func sketch() throws {
        let answer = try JSON.parse(
            #"{"taskDefinition":{"taskDefinitionArn":"arn:aws:ecs:r:1:task-definition/f:7","family":"f","containerDefinitions":[{"name":"app","image":"r:1","environment":[{"name":"PW","value":"hunter2"}],"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"g","awslogs-stream-prefix":"p","awslogs-region":"r"}}}]},"tags":[{"key":"reconcile:schema","value":"d=1"}]}"#
        )
        let sketch = DefinitionSketch(try TaskDefinitionRevision(answer, AnswerReader(operation: "test")))
        #expect(!sketch.stored.compact.contains("hunter"))
        #expect(DefinitionSketch(stored: sketch.stored) == sketch)
        #expect(sketch.revision == 7)
        #expect(sketch.container("app")?.log?.stream(of: "t1") == "p/app/t1")
    }

    @Test(
        "an ECR repository is taken apart, another registry's is left alone",
        arguments: [
            ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b", "123456789012 eu-west-1 a/b"),
            ("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a", "123456789012 us-gov-west-1 a"),
            ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a", "123456789012 cn-north-1 a"),
            ("docker.io/library/nginx", "none"), ("nginx", "none"), ("public.ecr.aws/nginx/nginx", "none"),
            ("12345.dkr.ecr.eu-west-1.amazonaws.com/a", "none"),
        ])
    func repositories(text: String, expected: String) {
        let found = ECRRepository(text).map { "\($0.registry) \($0.region) \($0.name)" }
        #expect(found ?? "none" == expected)
    }
}
