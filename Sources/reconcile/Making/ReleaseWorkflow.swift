import Manifest

/// A workflow of GitHub Actions that releases each push of the main branch: the one of docs/ci.md.
enum ReleaseWorkflow {
    static let path = ".github/workflows/release.yml"
    /// The variable of the repository that names the role.
    static let role = "RELEASE_ROLE_ARN"

    /// - Parameters:
    ///   - manifest: its path in the repository.
    ///   - environment: what names the runs that must not overlap, and the ledger.
    static func text(manifest: String, environment: String, region: String) -> String {
        """
        name: release
        on:
          push:
            branches: [main]
        permissions:
          id-token: write
          contents: read
        # One release at a time, and none is cut off.
        concurrency:
          group: release-\(environment)
          cancel-in-progress: false
        jobs:
          release:
            runs-on: ubuntu-24.04
            timeout-minutes: 150
            env:
              # reconcile asks for this role with the job's own token, and again before its credentials expire.
              AWS_ROLE_ARN: ${{ vars.\(role) }}
              AWS_REGION: "\(region)"
            steps:
              - uses: actions/checkout@v4
              # Here, build the image and push it with the tag $GITHUB_SHA.
              # The ledger says what earlier runs have done: keep it from run to run.
              - uses: actions/cache/restore@v4
                with:
                  path: .reconcile
                  key: reconcile/\(environment)/${{ github.run_id }}-${{ github.run_attempt }}
                  restore-keys: reconcile/\(environment)/
              # The program must be on PATH.
              - run: reconcile apply \(manifest) --image-tag "$GITHUB_SHA" --sequence "$GITHUB_RUN_NUMBER"
              - uses: actions/cache/save@v4
                if: always()
                with:
                  path: .reconcile
                  key: reconcile/\(environment)/${{ github.run_id }}-${{ github.run_attempt }}

        """
    }
}
