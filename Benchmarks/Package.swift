// swift-tools-version: 6.2
import PackageDescription

/// What has to be timed inside a process, because starting one takes longer.
let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "reconcile", path: "..")],
    targets: [
        .executableTarget(name: "ledger-bench", dependencies: [.product(name: "Ledger", package: "reconcile")])
    ]
)
