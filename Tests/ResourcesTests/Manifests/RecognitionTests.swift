import Manifest
import Resources
import Support
import Testing

/// Which files of a folder are manifests.
@Suite("A manifest in a folder")
struct RecognitionTests {
    private static let rest =
        #""environment": "e", "image": {"repository": "r", "tag": "t"}, "services": [{"name": "w"}]"#

    @Test(
        "is told from other files, also with a mistake in it",
        arguments: [
            (#"{"apiVersion": "reconcile/v1"}"#, true), (#"{"apiVersion": "reconcile/v2", "x": 1}"#, true),
            (#"{"apiversion": "reconcile/v1", "x": 1}"#, true), (#"{"apiVerison": "reconcile/1"}"#, true),
            (#"{"apiVersion": "reconcile/v1", oops"#, true), ("{\(rest)}", true), (#"{"version": 1, \#(rest)}"#, true),
            (#"{"schema": {"database": "d"}, "cluster": "c"}"#, true),
            // Other people's: Kubernetes, a values file of Helm, a template of GitLab, a JSON Schema, Compose.
            (#"{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "reconcile/v1"}}"#, false),
            (#"{"environment": "prod", "cluster": "c", "image": {"repository": "r", "tag": "t"}}"#, false),
            (#"{"image": {"name": "ruby"}, "services": [{"name": "postgres"}], "stages": ["test"]}"#, false),
            (#"{"properties": {"apiVersion": {"const": "reconcile/v1"}, "services": {}}}"#, false),
            (#"{"services": {"web": {"image": "nginx"}}, "volumes": {}}"#, false),
            (#"{"services": "none", oops"#, false), ("{}", false), ("", false), ("[1]", false),
        ])
    func meant(text: String, isMeant: Bool) {
        #expect(ManifestRecognition.isMeant("m.json", Array(text.utf8)) == isMeant)
    }

    @Test("is YAML by its name, in whatever case that is written")
    func yaml() {
        let text = Array("environment: e\nservices:\n  - name: web\n".utf8)
        #expect(ManifestRecognition.isMeant("m.yaml", text) && ManifestRecognition.isMeant("M.YML", text))
        #expect(!ManifestRecognition.isMeant("m.json", text))
        #expect(ManifestRecognition.isCandidate("M.JSON") && ManifestRecognition.isCandidate("a.Yaml"))
        #expect(!ManifestRecognition.isCandidate("m.json.bak") && !ManifestRecognition.isCandidate("json"))
    }
}
