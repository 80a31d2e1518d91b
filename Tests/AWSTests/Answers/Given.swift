/// Answers of ECS, each with what becomes of it.
enum Given {
    static let services: [(String, String)] = [
        (Written.services(Written.service()), "web ACTIVE 2/2+0 ECS []"),
        (Written.services(Written.service(#""more":{"than":["is","known"]},"#)), "web ACTIVE 2/2+0 ECS []"),
        ("\u{FEFF}" + Written.services(Written.service()) + "\n", "web ACTIVE 2/2+0 ECS []"),
        (
            Written.services(Written.service(#""deploymentController":{"type":"ORACLE"},"#)),
            "web ACTIVE 2/2+0 ORACLE []"
        ),
        (Written.services(Written.service(#""deploymentController":null,"events":null,"#)), "web ACTIVE 2/2+0 ECS []"),
        (Written.services(Written.service(deployments: "null")), "web ACTIVE 2/2+0 ECS []"),
        (
            Written.services(Written.service(deployments: Written.deployment(#","rolloutState":"PONDERING""#))),
            #"web ACTIVE 2/2+0 ECS ["PRIMARY PONDERING 2/2+0"]"#
        ),
        (
            Written.services(
                Written.service(deployments: Written.deployment(#","rolloutState":null,"failedTasks":null"#))),
            #"web ACTIVE 2/2+0 ECS ["PRIMARY - 2/2+0"]"#
        ),
        (Written.services().replacing("}", with: #","failures":[]}"#), "absent web not mentioned in the answer"),
        (
            #"{"services":null,"failures":[{"arn":"arn:service/c/web","reason":"MISSING","detail":null}]}"#,
            "absent arn:service/c/web MISSING"
        ),
        (#"{"failures":[{}]}"#, "absent  without a reason; absent web not mentioned in the answer"),
        ("{}", Written.malformed + "the answer has neither services nor failures"),
        ("", Written.malformed + "the answer is not a JSON object"),
        (#"{"services":null,"failures":null}"#, Written.malformed + "the answer has neither services nor failures"),
        (#"{"failures":[]}"#, Written.malformed + "the answer has neither services nor failures"),
        (#"{"services":{}}"#, Written.malformed + "services of the answer is not a list"),
        (#"{"services":[],"failures":"none"}"#, Written.malformed + "failures of the answer is not a list"),
        (#"{"services":[],"failures":["MISSING"]}"#, Written.malformed + "a failure in the answer is not an object"),
        (#"{"services":[null]}"#, Written.malformed + "a service has no serviceName"),
        (#"{"services":["arn:service/c/web"]}"#, Written.malformed + "a service has no serviceName"),
        (
            Written.services(Written.service().replacing("serviceArn", with: "x")),
            Written.malformed + "service web has no serviceArn"
        ),
        (
            Written.services(Written.service().replacing("clusterArn", with: "x")),
            Written.malformed + "service web has no clusterArn"
        ),
        (
            Written.services(Written.service().replacing(#""ACTIVE""#, with: "7")),
            Written.malformed + "status of service web is not a text"
        ),
        (
            Written.services(Written.service().replacing(#""runningCount":2,"#, with: "")),
            Written.malformed + "service web has no runningCount"
        ),
        (
            Written.services(Written.service().replacing(#""desiredCount":2"#, with: #""desiredCount":"2""#)),
            Written.malformed + "desiredCount of service web is not a whole number"
        ),
        (
            Written.services(Written.service().replacing(#""pendingCount":0"#, with: #""pendingCount":null"#)),
            Written.malformed + "service web has no pendingCount"
        ),
        (
            Written.services(
                Written.service(deployments: Written.deployment("", counts: #""desiredCount":2,"runningCount":2"#))),
            Written.malformed + "deployment d has no pendingCount"
        ),
        (
            Written.services(Written.service(deployments: Written.deployment(#","rolloutState":7"#))),
            Written.malformed + "rolloutState of deployment d is not a text"
        ),
        (
            Written.services(Written.service(deployments: #"{"primary":{}}"#)),
            Written.malformed + "deployments of service web is not a list"
        ),
        (
            Written.services(Written.service(#""status":"DRAINING","#)),
            Written.malformed + "the answer is not a JSON object"
        ),
        (
            String(Written.services(Written.service()).dropLast(9)),
            Written.malformed + "the answer is not a JSON object"
        ),
    ]

    static let exitCodes: [(String, String)] = [
        (Written.exit(#","exitCode":0"#), #"1 STOPPED - started ["app=0"]"#),
        (Written.exit(#","exitCode":0.0"#), #"1 STOPPED - started ["app=0"]"#),
        (Written.exit(#","exitCode":137"#), #"1 STOPPED - started ["app=137"]"#),
        (Written.exit(#","exitCode":-1"#), #"1 STOPPED - started ["app=-1"]"#),
        (Written.exit(#","exitCode":4294967296"#), #"1 STOPPED - started ["app=4294967296"]"#),
        (Written.exit(""), #"1 STOPPED - started ["app=nil"]"#),
        (Written.exit(#","exitCode":null"#), #"1 STOPPED - started ["app=nil"]"#),
        (Written.exit(#","exitCode":99999999999999999999"#), "exitCode of a container"),
        (Written.exit(#","exitCode":"0""#), "exitCode of a container"),
        (Written.exit(#","exitCode":0.5"#), "exitCode of a container"),
        (Written.exit(#","exitCode":false"#), "exitCode of a container"),
        (Written.exit(#","exitCode":[]"#), "exitCode of a container"),
        (Written.exit(#","exitCode":{"value":0}"#), "exitCode of a container"),
    ]

    static let tasks: [(String, String)] = [
        (Written.tasks(#""containers":null,"stopCode":"""#), "1 STOPPED - []"),
        (Written.tasks(#""stopCode":"MeteorStrike","startedAt":null"#), "1 STOPPED MeteorStrike []"),
        (
            #"{"tasks":[{"taskArn":"arn:task/c/1","lastStatus":"TELEPORTING"}],"failures":null}"#,
            "1 TELEPORTING - []"
        ),
        (
            #"{"tasks":[],"failures":[{"arn":"arn:task/c/1","reason":"MISSING"}]}"#, "absent arn:task/c/1 MISSING"
        ),
        (#"{"tasks":[],"failures":[]}"#, "absent arn:task/c/1 not mentioned in the answer"),
        (
            #"{"tasks":[{"taskArn":"arn:task/c/2","lastStatus":"RUNNING"}]}"#,
            Written.malformed + "the answer names arn:task/c/2, which was not asked for, or twice"
        ),
        (
            #"{"tasks":[{"taskArn":"arn:task/other/1","lastStatus":"RUNNING"}]}"#,
            Written.malformed + "the answer names arn:task/other/1, which was not asked for, or twice"
        ),
        (
            #"{"tasks":[{"taskArn":"arn:task/c/1","lastStatus":"STOPPED"},{"taskArn":"arn:task/c/1","lastStatus":"RUNNING"}]}"#,
            Written.malformed + "the answer names arn:task/c/1, which was not asked for, or twice"
        ),
        ("{}", Written.malformed + "the answer has neither tasks nor failures"),
        (#"{"tasks":null}"#, Written.malformed + "the answer has neither tasks nor failures"),
        (#"{"tasks":"arn:task/c/1"}"#, Written.malformed + "tasks of the answer is not a list"),
        (#"{"tasks":[{"lastStatus":"STOPPED"}]}"#, Written.malformed + "a task has no taskArn"),
        (#"{"tasks":[{"taskArn":"","lastStatus":"STOPPED"}]}"#, Written.malformed + "a task has no taskArn"),
        (#"{"tasks":[{"taskArn":"arn:task/c/1"}]}"#, Written.malformed + "task arn:task/c/1 has no lastStatus"),
        (
            #"{"tasks":[{"taskArn":"arn:task/c/1","lastStatus":["STOPPED"]}]}"#,
            Written.malformed + "lastStatus of task arn:task/c/1 is not a text"
        ),
        (
            Written.tasks(#""containers":{"app":0}"#),
            Written.malformed + "containers of task arn:task/c/1 is not a list"
        ),
        (
            Written.tasks(#""containers":[{"exitCode":0}]"#),
            Written.malformed + "a container of task arn:task/c/1 has no name"
        ),
        (Written.tasks(#""stopCode":0"#), Written.malformed + "stopCode of task arn:task/c/1 is not a text"),
        (Written.tasks(#""tags":{"a":"b"}"#), Written.malformed + "tags of task arn:task/c/1 is not a list"),
        (Written.tasks(#""tags":[{"value":"b"}]"#), Written.malformed + "a tag has no key"),
        (Written.tasks(#""lastStatus":"RUNNING""#), Written.malformed + "the answer is not a JSON object"),
    ]

    static let runTask: [(String, String)] =
        [
            (#"{"tasks":[{"taskArn":"arn:task/c/1","lastStatus":"PROVISIONING"}]}"#, "1 PROVISIONING - []"),
            (
                #"{"tasks":[{"taskArn":"arn:task/c/1","lastStatus":"PENDING"}],"failures":[{"reason":"RESOURCE:CPU"}]}"#,
                "1 PENDING - []; absent  RESOURCE:CPU"
            ),
            (#"{"tasks":[],"failures":[{"arn":"i","reason":"AGENT"}]}"#, "absent i AGENT"),
            (#"{"failures":[{"reason":"AGENT"}]}"#, "absent  AGENT"),
            (#"{"tasks":[],"failures":[]}"#, Written.malformed + "the answer has neither a task nor a reason"),
            (#"{"tasks":[]}"#, Written.malformed + "the answer has neither a task nor a reason"),
            ("{}", Written.malformed + "the answer has neither tasks nor failures"),
            ("", Written.malformed + "the answer is not a JSON object"),
            (#"{"tasks":[{"lastStatus":"PROVISIONING"}]}"#, Written.malformed + "a task has no taskArn"),
            (#"{"tasks":[{}]}"#, Written.malformed + "a task has no taskArn"),
        ] + started

    /// A task of another cluster or revision is not the one that was asked for.
    private static let started: [(String, String)] = [
        (
            launched("arn:aws:ecs:r:1:task/c/1", "arn:aws:ecs:r:1:task-definition/app:1", "arn:aws:ecs:r:1:cluster/c"),
            "1 PENDING - []"
        ),
        // As long as an account has not opted in to the longer ARNs, a task's names no cluster.
        (launched("arn:aws:ecs:r:1:task/1", "arn:aws:ecs:r:1:task-definition/app:1", nil), "1 PENDING - []"),
        (
            launched("arn:aws:ecs:r:1:task/c/1", "arn:aws:ecs:r:1:task-definition/app:2", nil),
            Written.malformed + "the answer has a task of arn:aws:ecs:r:1:task-definition/app:2, not of app:1"
        ),
        (
            launched("arn:aws:ecs:r:1:task/c/1", "arn:aws:ecs:r:1:task-definition/other-app:1", nil),
            Written.malformed + "the answer has a task of arn:aws:ecs:r:1:task-definition/other-app:1, not of app:1"
        ),
        (
            launched("arn:aws:ecs:r:1:task/d/1", nil, nil),
            Written.malformed + "the answer has task arn:aws:ecs:r:1:task/d/1, which is not in c"
        ),
        (
            launched("arn:aws:ecs:r:1:task/c/1", nil, "arn:aws:ecs:r:1:cluster/d"),
            Written.malformed + "the answer has task arn:aws:ecs:r:1:task/c/1, which is not in c"
        ),
        (
            #"{"tasks":[{"taskArn":"arn:task/c/1","lastStatus":"PENDING"},{"taskArn":"arn:task/c/2","lastStatus":"PENDING"}]}"#,
            Written.malformed + "the answer has 2 tasks, and one was asked for"
        ),
    ]

    private static func launched(_ arn: String, _ revision: String?, _ cluster: String?) -> String {
        let more =
            (revision.map { #","taskDefinitionArn":"\#($0)""# } ?? "")
            + (cluster.map { #","clusterArn":"\#($0)""# } ?? "")
        return #"{"tasks":[{"taskArn":"\#(arn)","lastStatus":"PENDING"\#(more)}]}"#
    }

    static let lists: [(Operation, String, String)] = [
        (Operation.listTasks, #"{"taskArns":["a","b"]}"#, #"["a", "b"]"#),
        (.listTasks, #"{"taskArns":[],"nextToken":""}"#, "[]"),
        (.listTasks, "{}", Written.malformed + "the answer has no taskArns"),
        (.listTasks, #"{"taskArns":null}"#, Written.malformed + "the answer has no taskArns"),
        (
            .listTasks, #"{"taskArns":["a",null]}"#,
            Written.malformed + "taskArns of the answer is not a list of texts"
        ),
        (.listTasks, #"{"taskArns":[""]}"#, Written.malformed + "taskArns of the answer is not a list of texts"),
        (.listTasks, #"{"taskArns":"a"}"#, Written.malformed + "taskArns of the answer is not a list"),
        (.listTaskDefinitions, #"{"taskDefinitionArns":["a"],"nextToken":"t"}"#, #"["a"] then t"#),
        (.listTaskDefinitions, #"{"taskDefinitionArns":[],"nextToken":""}"#, "[] then the end"),
        (.listTaskDefinitions, #"{"taskDefinitionArns":[],"nextToken":null}"#, "[] then the end"),
        (.listTaskDefinitions, "{}", Written.malformed + "the answer has no taskDefinitionArns"),
        (
            .listTaskDefinitions, #"{"taskDefinitionArns":[{"arn":"a"}]}"#,
            Written.malformed + "taskDefinitionArns of the answer is not a list of texts"
        ),
        (
            .listTaskDefinitions, #"{"taskDefinitionArns":[],"nextToken":7}"#,
            Written.malformed + "nextToken of the answer is not a text"
        ),
    ]

    static let updateService: [(String, String)] = [
        (#"{"service":\#(Written.service())}"#, "web ACTIVE 2/2+0 ECS []"),
        ("{}", Written.malformed + "the answer has no service"),
        (#"{"service":null}"#, Written.malformed + "the answer has no service"),
        (#"{"service":[\#(Written.service())]}"#, Written.malformed + "the answer has no service"),
        (#"{"service":{}}"#, Written.malformed + "a service has no serviceName"),
    ]

    static let revisions: [(String, String)] = [
        (
            #"{"taskDefinition":{"taskDefinitionArn":"app:1","family":"app","containerDefinitions":[{"name":"a","image":"r"}]},"tags":null}"#,
            "app:1 app ACTIVE []"
        ),
        (
            #"{"taskDefinition":{"taskDefinitionArn":"app:1","family":"app","revision":1,"status":"RETIRED","containerDefinitions":[{"name":"a","image":"r"}]},"tags":[{"key":"a"}]}"#,
            #"app:1 app RETIRED ["a="]"#
        ),
        (
            #"{"taskDefinition":{"taskDefinitionArn":"app:1","family":"app"}}"#,
            Written.malformed + "the task definition has no containerDefinitions"
        ),
        (
            #"{"taskDefinition":{"taskDefinitionArn":"app:1","family":"app","containerDefinitions":[{"name":"a"}]}}"#,
            Written.malformed + "a container of app:1 has no image"
        ),
        (
            #"{"taskDefinition":{"taskDefinitionArn":"app:1","family":"app","revision":2,"containerDefinitions":[{"name":"a","image":"r"}]}}"#,
            Written.malformed + "taskDefinitionArn of the task definition does not match its family and revision"
        ),
        ("{}", Written.malformed + "the answer has no taskDefinition"),
        ("", Written.malformed + "the answer is not a JSON object"),
        (#"{"taskDefinition":null}"#, Written.malformed + "the answer has no taskDefinition"),
        (#"{"taskDefinition":"app:1"}"#, Written.malformed + "the answer has no taskDefinition"),
        (#"{"taskDefinition":{"family":"app"}}"#, Written.malformed + "the task definition has no taskDefinitionArn"),
        (#"{"taskDefinition":{"taskDefinitionArn":"app:1"}}"#, Written.malformed + "the task definition has no family"),
        (
            #"{"taskDefinition":{"taskDefinitionArn":"app:1","family":"app","status":false}}"#,
            Written.malformed + "status of the task definition is not a text"
        ),
        (
            #"{"taskDefinition":{"taskDefinitionArn":"app:1","family":"app"},"tags":{"reconcile:schema":"d=1"}}"#,
            Written.malformed + "tags of the answer is not a list"
        ),
    ]
}

/// Answers of ECS, as text.
enum Written {
    static let malformed = "malformed, may have had effect: "

    /// A service as JSON, with members replaced or added.
    static func service(_ more: String = "", deployments: String = "[]") -> String {
        #"{"serviceName":"web","serviceArn":"arn:service/c/web","clusterArn":"arn:cluster/c","status":"ACTIVE",\#(more)"taskDefinition":"app:1","desiredCount":2,"runningCount":2,"pendingCount":0,"deployments":\#(deployments)}"#
    }

    static func services(_ services: String...) -> String { #"{"services":[\#(services.joined(separator: ","))]}"# }

    static func deployment(_ more: String, counts: String = #""desiredCount":2,"runningCount":2,"pendingCount":0"#)
        -> String
    {
        #"[{"id":"d","status":"PRIMARY","taskDefinition":"app:1",\#(counts)\#(more)}]"#
    }

    static func tasks(_ more: String) -> String {
        #"{"tasks":[{"taskArn":"arn:task/c/1","lastStatus":"STOPPED",\#(more)}]}"#
    }

    static func exit(_ code: String) -> String { tasks(#""startedAt":1,"containers":[{"name":"app"\#(code)}]"#) }
}
