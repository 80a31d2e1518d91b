import Testing

@testable import Manifest

@Suite("A Terraform state")
struct TerraformStateTests {
    static let text = #"""
        {"version": 4, "terraform_version": "1.9.5", "serial": 7, "lineage": "l",
         "outputs": {
           "cluster": {"value": "prod", "type": "string"},
           "password": {"value": "canary", "type": "string", "sensitive": true},
           "subnets": {"value": ["subnet-1", "subnet-2"], "type": ["list", "string"]},
           "network": {"value": {"id": "vpc-1", "count": 3, "open": false, "none": null}, "type": ["object", {}]}},
         "resources": [
           {"mode": "managed", "type": "aws_security_group", "name": "web", "instances": [
             {"deposed": "00000001", "attributes": {"id": "sg-old"}},
             {"attributes": {"id": "sg-1", "ingress": [{"from_port": 443}], "tags": {"a.b": "x"}}}]},
           {"mode": "data", "type": "aws_vpc", "name": "main", "instances": [{"attributes": {"id": "vpc-9"}}]},
           {"mode": "managed", "type": "aws_sqs_queue", "name": "q", "instances": [
             {"index_key": 0, "attributes": {"url": "q0"}}, {"index_key": 1, "attributes": {"url": "q1"}}]},
           {"module": "module.vpc", "mode": "managed", "type": "aws_subnet", "name": "private", "instances": [
             {"index_key": "a", "attributes": {"id": "subnet-a"}}]},
           {"module": "module.app[\"x\"].module.db", "mode": "managed", "type": "aws_db_instance", "name": "d",
             "instances": [{"attributes": {"address": "db.local", "password": "canary", "note": {"a": "canary"},
               "master_user_secret": [{"secret_arn": "arn:s"}]},
               "sensitive_attributes": [[{"type": "get_attr", "value": "note"}]]}]},
           {"mode": "managed", "type": "random_password", "name": "p", "instances": [
             {"attributes": {"result": "canary", "length": 16}}]}]}
        """#

    static func state() throws -> TerraformState { try TerraformState(Array(text.utf8)) }

    @Test(
        "tells outputs and attributes",
        arguments: [
            ("output.cluster", "prod"), ("output.subnets[1]", "subnet-2"), ("output.network.id", "vpc-1"),
            ("output.network.count", "3"), ("output.network['open']", "false"), ("aws_security_group.web.id", "sg-1"),
            ("aws_security_group.web.ingress[0].from_port", "443"), ("aws_security_group.web.tags['a.b']", "x"),
            ("data.aws_vpc.main.id", "vpc-9"), ("aws_sqs_queue.q[1].url", "q1"),
            (#"module.vpc.aws_subnet.private["a"].id"#, "subnet-a"),
            ("module.vpc.aws_subnet.private['a'].id", "subnet-a"),
            ("module.app['x'].module.db.aws_db_instance.d.address", "db.local"),
            ("module.app['x'].module.db.aws_db_instance.d.master_user_secret[0].secret_arn", "arn:s"),
            ("random_password.p.length", "16"),
        ])
    func values(address: String, value: String) throws {
        #expect(try Self.state().answer(to: address) == .value(value))
    }

    @Test(
        "has no value where a default counts",
        arguments: [
            "output.nothing", "output.network.none", "output.subnets[2]", "aws_security_group.other.id",
            "aws_security_group.web.nothing", "aws_vpc.main.id", "aws_sqs_queue.q[2].url", "module.x.aws_vpc.main.id",
        ])
    func absent(address: String) throws {
        guard case .absent? = try Self.state().answer(to: address) else {
            Issue.record("\(address)")
            return
        }
    }

    @Test(
        "keeps what is sensitive, and what is no text",
        arguments: [
            ("output.password", "sensitive"), ("output.subnets", "is a list"), ("output.network", "is an object"),
            ("aws_sqs_queue.q.url", "has several instances"), ("aws_security_group.web", "is a resource"),
            ("module.app['x'].module.db.aws_db_instance.d.password", "is sensitive"),
            ("module.app['x'].module.db.aws_db_instance.d.note.a", "is sensitive"),
            ("random_password.p.result", "is sensitive"),
        ])
    func refused(address: String, why: String) throws {
        guard case .refused(let message, _)? = try Self.state().answer(to: address) else {
            Issue.record("\(address)")
            return
        }
        #expect(message.contains(why) && !message.contains("canary"), "\(message)")
    }

    @Test(
        "that is none says what it is",
        arguments: [
            ("", "it is not JSON"), ("{}", "it is not a Terraform state"), (#"{"version": 3}"#, "format version 3"),
            (#"{"serial": 1, "encrypted_data": "x"}"#, "it is encrypted"),
        ])
    func unreadable(text: String, why: String) {
        let error = #expect(throws: TerraformState.Unreadable.self) { try TerraformState(Array(text.utf8)) }
        #expect(error?.reason.contains(why) == true)
    }
}
