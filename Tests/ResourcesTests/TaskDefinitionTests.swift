import JSON
import Testing

@testable import AWS
@testable import Reconciler
@testable import Resources

@Suite("Definitions")
struct DefinitionTests {
    static func digest(_ text: String) throws -> String { TaskDefinitionContent(try JSON.parse(text)).digest }

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

    /// Two definitions that ECS keeps as one: a container's members, unless the whole is written.
    static let same: [(String, String)] = [
        // Lists without order.
        (
            #"{"portMappings":[{"containerPort":80},{"containerPort":443}]}"#,
            #"{"portMappings":[{"containerPort":443},{"containerPort":80}]}"#
        ),
        (
            #"{"mountPoints":[{"sourceVolume":"a","containerPath":"/a"},{"sourceVolume":"b","containerPath":"/b"}]}"#,
            #"{"mountPoints":[{"sourceVolume":"b","containerPath":"/b","readOnly":false},{"containerPath":"/a","sourceVolume":"a"}]}"#
        ),
        (
            #"{"dependsOn":[{"containerName":"x","condition":"START"},{"containerName":"y","condition":"HEALTHY"}]}"#,
            #"{"dependsOn":[{"containerName":"y","condition":"HEALTHY"},{"containerName":"x","condition":"START"}]}"#
        ),
        (
            #"{"ulimits":[{"name":"nofile","softLimit":1,"hardLimit":1},{"name":"core","softLimit":0,"hardLimit":0}]}"#,
            #"{"ulimits":[{"name":"core","softLimit":0,"hardLimit":0},{"name":"nofile","softLimit":1,"hardLimit":1}]}"#
        ),
        (
            #"{"linuxParameters":{"capabilities":{"add":["A","B"],"drop":["C","D"]},"initProcessEnabled":false}}"#,
            #"{"linuxParameters":{"capabilities":{"add":["B","A"],"drop":["D","C"]}}}"#
        ),
        (
            #"{"secrets":[{"name":"A","valueFrom":"x"},{"name":"B","valueFrom":"y"}]}"#,
            #"{"secrets":[{"name":"B","valueFrom":"y"},{"name":"A","valueFrom":"x"}]}"#
        ),
        (
            #"{"links":["a","b"],"volumesFrom":[{"sourceContainer":"a"},{"sourceContainer":"b"}]}"#,
            #"{"links":["b","a"],"volumesFrom":[{"sourceContainer":"b","readOnly":false},{"sourceContainer":"a"}]}"#
        ),
        (
            #"{"systemControls":[{"namespace":"a","value":"1"},{"namespace":"b","value":"2"}]}"#,
            #"{"systemControls":[{"namespace":"b","value":"2"},{"namespace":"a","value":"1"}]}"#
        ),
        (
            #"{"logConfiguration":{"logDriver":"splunk","secretOptions":[{"name":"a","valueFrom":"1"},{"name":"b","valueFrom":"2"}]}}"#,
            #"{"logConfiguration":{"secretOptions":[{"name":"b","valueFrom":"2"},{"name":"a","valueFrom":"1"}],"logDriver":"splunk"}}"#
        ),
        // Defaults.
        (#"{"privileged":false,"readonlyRootFilesystem":false,"interactive":false,"pseudoTerminal":false}"#, "{}"),
        (#"{"restartPolicy":{"enabled":true}}"#, #"{"restartPolicy":{"enabled":true,"restartAttemptPeriod":300}}"#),
        (#"{"environment":[{"name":"A"}]}"#, #"{"environment":[{"name":"A","value":""}]}"#),
        (
            #"{"healthCheck":{"command":["x"]}}"#,
            #"{"healthCheck":{"command":["x"],"interval":30,"timeout":5,"retries":3,"startPeriod":0}}"#
        ),
        (
            #"{"family":"f","volumes":[{"name":"v","efsVolumeConfiguration":{"fileSystemId":"fs-1"}},{"name":"w"}]}"#,
            #"{"family":"f","volumes":[{"name":"w","host":{},"configuredAtLaunch":false},{"name":"v","efsVolumeConfiguration":{"fileSystemId":"fs-1","rootDirectory":"/","transitEncryption":"DISABLED","authorizationConfig":{"iam":"DISABLED"}}}]}"#
        ),
        (
            #"{"family":"f","volumes":[{"name":"v","dockerVolumeConfiguration":{"scope":"shared"}}]}"#,
            #"{"family":"f","volumes":[{"name":"v","dockerVolumeConfiguration":{"scope":"shared","driver":"local","autoprovision":false}}]}"#
        ),
        (
            #"{"family":"f","requiresCompatibilities":["EC2","FARGATE"],"runtimePlatform":{"cpuArchitecture":"X86_64"}}"#,
            #"{"family":"f","requiresCompatibilities":["FARGATE","EC2"],"runtimePlatform":{"operatingSystemFamily":"LINUX"}}"#
        ),
        (
            #"{"family":"f","proxyConfiguration":{"containerName":"e","properties":[{"name":"A","value":"1"},{"name":"B","value":""}]}}"#,
            #"{"family":"f","proxyConfiguration":{"type":"APPMESH","containerName":"e","properties":[{"name":"B","value":""},{"name":"A","value":"1"}]}}"#
        ),
        (
            #"{"family":"f","containerDefinitions":[{"name":"a","image":"x"},{"name":"b","image":"y"}]}"#,
            #"{"family":"f","containerDefinitions":[{"name":"b","image":"y"},{"name":"a","image":"x","essential":true}]}"#
        ),
    ]

    static func document(_ text: String) throws -> JSON {
        var json = try JSON.parse(text)
        if json["family"] != nil { return json }
        json["name"] = "app"
        return ["family": "f", "containerDefinitions": [json]]
    }

    @Test("neither a server's order nor its defaults make another definition", arguments: same)
    func serverOrder(left: String, right: String) throws {
        #expect(
            TaskDefinitionContent(try Self.document(left)).json.canonical
                == TaskDefinitionContent(try Self.document(right)).json.canonical)
    }

    @Test(
        "what is empty and means something is registered",
        arguments: [
            #"{"dockerLabels":{"traefik.enable":"","a":"1"}}"#,
            #"{"logConfiguration":{"logDriver":"awsfirelens","options":{"dd_tags":""}}}"#,
            #"{"firelensConfiguration":{"type":"fluentbit","options":{"a":""}}}"#,
            #"{"systemControls":[{"namespace":"a","value":""}]}"#, #"{"environment":[{"name":"A","value":""}]}"#,
            #"{"command":["a",""]}"#, #"{"entryPoint":[""]}"#,
            #"{"family":"f","volumes":[{"name":"v","dockerVolumeConfiguration":{"driverOpts":{"o":""},"labels":{"l":""}}}]}"#,
        ])
    func empty(text: String) throws {
        let document = try Self.document(text)
        #expect(TaskDefinitionNormaliser.registration(document) == document)
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
            (#"{"dnsServers":["a","b"]}"#, #"{"dnsServers":["b","a"]}"#),
            (#"{"dnsSearchDomains":["a","b"]}"#, #"{"dnsSearchDomains":["b","a"]}"#),
            (#"{"entryPoint":["a","b"]}"#, #"{"entryPoint":["b","a"]}"#),
            (#"{"healthCheck":{"command":["a","b"]}}"#, #"{"healthCheck":{"command":["b","a"]}}"#),
            (
                #"{"environmentFiles":[{"type":"s3","value":"a"},{"type":"s3","value":"b"}]}"#,
                #"{"environmentFiles":[{"type":"s3","value":"b"},{"type":"s3","value":"a"}]}"#
            ),
            (
                #"{"environment":[{"name":"A","value":"1"},{"name":"A","value":"2"}]}"#,
                #"{"environment":[{"name":"A","value":"2"},{"name":"A","value":"1"}]}"#
            ),
            (#"{"dockerLabels":{"a":""}}"#, "{}"), (#"{"privileged":true}"#, "{}"),
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
        let old = TaskDefinitionContent(
            try JSON.parse(
                #"{"family":"f","cpu":"256","containerDefinitions":[{"name":"app","image":"r:1","environment":[{"name":"PW","value":"hunter2"},{"name":"GONE","value":"hunter3"}],"logConfiguration":{"logDriver":"splunk","options":{"splunk-token":"hunter4"}}}]}"#
            ))
        let new = TaskDefinitionContent(
            try JSON.parse(
                #"{"family":"f","cpu":"512","containerDefinitions":[{"name":"app","image":"r:2","environment":[{"name":"PW","value":"hunter5"}],"logConfiguration":{"logDriver":"splunk","options":{"splunk-token":"hunter6"}}},{"name":"side","image":"s","environment":[{"name":"X","value":"hunter7"}]}]}"#
            ))
        let fields = TaskDefinitionDiff(fingerprint: { "#\($0.count)" }).fields(from: old, to: new)
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

    @Test("a value of the environment that is repeated in what a program is given is not shown there either")
    func repeated() throws {
        func content(_ value: String, _ option: String) -> TaskDefinitionContent {
            TaskDefinitionContent([
                "family": "f",
                "containerDefinitions": [
                    [
                        "name": "app", "environment": [["name": "DSN", "value": .string(value)]],
                        "command": ["serve", .string(option), .string("--dsn=\(value)")],
                        "dockerLabels": ["dsn": .string(value)],
                    ]
                ],
            ])
        }
        let diff = TaskDefinitionDiff(fingerprint: { "#\($0.count)" })
        let both = diff.fields(from: content("hunter21", "-v"), to: content("hunter345", "-q"))
        #expect(!"\(both)".contains("hunter"), "\(both)")
        #expect(both.first?.to == ##"["serve","-q","--dsn=***"]"##)
        let one = diff.fields(from: content("hunter21", "-v"), to: content("hunter345", "-v"))
        #expect(one.allSatisfy { $0.from != $0.to && $0.from?.hasPrefix("#") == true }, "\(one)")
        let gone = diff.fields(from: content("hunter21", "-v"), to: TaskDefinitionContent(["family": "f"]))
        #expect(!"\(gone)".contains("hunter"), "\(gone)")
    }

    @Test("a variable that a server holds twice is compared with both of its values")
    func duplicates() throws {
        func content(_ values: [String]) -> TaskDefinitionContent {
            let entries = values.map { JSON.object(dropping: ["name": "A", "value": .string($0)]) }
            return TaskDefinitionContent([
                "family": "f", "containerDefinitions": [["name": "app", "environment": .array(entries)]],
            ])
        }
        let diff = TaskDefinitionDiff(fingerprint: { "#\($0)" })
        for (old, new, expected) in [
            (["1", "2"], ["1"], [#"environment[A#2] #"2" -> -"#]),
            (["1", "2"], ["1", "3"], [#"environment[A#2] #"2" -> #"3""#]),
            (["1", "2"], ["2", "1"], [#"environment[A#2] #"2" -> #"1""#, #"environment[A] #"1" -> #"2""#]),
            (["1"], ["1"], []),
        ] {
            let fields = diff.fields(from: content(old), to: content(new)).map {
                "\($0.path.split(separator: ".").last ?? "") \($0.from ?? "-") -> \($0.to ?? "-")"
            }
            #expect(fields.sorted() == expected)
        }
        #expect(Set(content(["1", "2"]).environmentValues.values) == ["1", "2"])
    }

    @Test("what is kept of a revision holds no value of its environment, and reads back the same")
    func summary() throws {
        let answer = try JSON.parse(
            #"{"taskDefinition":{"taskDefinitionArn":"arn:aws:ecs:r:1:task-definition/f:7","family":"f","containerDefinitions":[{"name":"app","image":"r:1","environment":[{"name":"PW","value":"hunter2"}],"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"g","awslogs-stream-prefix":"p","awslogs-region":"r"}}}]},"tags":[{"key":"reconcile:schema","value":"d=1"}]}"#
        )
        let reader = AnswerReader(operation: "test", secrets: Secrets())
        let summary = TaskDefinitionSummary(try TaskDefinitionRevision(answer, reader))
        #expect(!summary.stored(hiding: Secrets()).compact.contains("hunter"))
        #expect(TaskDefinitionSummary(stored: summary.stored(hiding: Secrets())) == summary)
        #expect(summary.revision == 7)
        #expect(summary.container("app")?.log?.stream(of: "t1") == "p/app/t1")
    }

    @Test(
        "an ECR repository is taken apart, another registry's is left alone",
        arguments: [
            ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b", "123456789012 eu-west-1 a/b"),
            ("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a", "123456789012 us-gov-west-1 a"),
            ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a", "123456789012 cn-north-1 a"),
            ("docker.io/library/nginx", "none"), ("nginx", "none"), ("public.ecr.aws/nginx/nginx", "none"),
            ("12345.dkr.ecr.eu-west-1.amazonaws.com/a", "none"),
            ("123456789012.dkr-ecr.eu-west-1.on.aws/a/b", "123456789012 eu-west-1 a/b"),
            ("123456789012.dkr-ecr-fips.us-east-1.on.aws/a", "123456789012 us-east-1 a"),
            ("123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn/a", "123456789012 cn-north-1 a"),
            ("123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu/a", "123456789012 eusc-de-east-1 a"),
            ("123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov/a", "123456789012 us-iso-east-1 a"),
            ("123456789012.dkr.ecr.eu-west-1.amazonaws.com.example.org/a", "none"),
            ("123456789012.dkr-ecr.eu-west-1.amazonaws.com/a", "none"),
        ])
    func repositories(text: String, expected: String) {
        let found = ECRRepository(text).map { "\($0.registry) \($0.region) \($0.name)" }
        #expect(found ?? "none" == expected)
    }
}
