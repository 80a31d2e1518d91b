// swift-tools-version: 6.2
import PackageDescription

/// `scripts/test` turns warnings into errors; a user's build is not broken by a newer compiler's new warning.
let isStrict = Context.environment["RECONCILE_STRICT"] == "1"

/// What every target of ours is compiled with.
let house: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (isStrict ? [.treatAllWarnings(as: .error)] : [])

/// For what waits for AWS or the disk most of the time: the static binary is to have less than 20 MB.
let small = house + [.unsafeFlags(["-Osize"], .when(configuration: .release))]

let package = Package(
    name: "reconcile",
    products: [
        .executable(name: "reconcile", targets: ["reconcile"]),
        .executable(name: "reconcile-sandbox", targets: ["reconcile-sandbox"]),
        // For Benchmarks, which is a package of its own: nobody else pays for it.
        .library(name: "Ledger", targets: ["Base", "Ledger", "SQLite", "JSON", "Time"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "JSON", swiftSettings: house),
        .target(name: "Time", swiftSettings: house),
        .target(name: "YAML", dependencies: ["JSON"], swiftSettings: small),
        .target(name: "Hashing", dependencies: ["CCrypto"], swiftSettings: house),
        .target(name: "SQLite", dependencies: ["CSQLite"], swiftSettings: house),
        .target(name: "AWS", dependencies: ["CCurl", "Hashing", "JSON", "Time"], swiftSettings: small),
        .target(name: "Base", dependencies: ["JSON", "Time"], swiftSettings: small),
        .target(name: "Ledger", dependencies: ["Base", "Hashing", "JSON", "SQLite", "Time"], swiftSettings: small),
        .target(
            name: "Reconciler", dependencies: ["Base", "Hashing", "JSON", "Ledger", "SQLite", "Time"],
            swiftSettings: small),
        .target(name: "Manifest", dependencies: ["Base", "Hashing", "JSON", "YAML"], swiftSettings: small),
        .target(
            name: "Resources",
            dependencies: ["AWS", "Base", "Hashing", "JSON", "Ledger", "Manifest", "Reconciler", "Time"],
            swiftSettings: small),
        .target(
            name: "Sandbox",
            dependencies: [
                "AWS", "Hashing", "JSON", "Time",
                .product(name: "FlyingSocks", package: "FlyingFox"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: house
        ),
        .executableTarget(
            name: "reconcile",
            dependencies: [
                "AWS", "Base", "JSON", "Ledger", "Manifest", "Reconciler", "Resources", "Time",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: small,
            // More than half of the file is for debuggers; names of functions stay, for traces and profiles.
            linkerSettings: [.unsafeFlags(["-Xlinker", "--strip-debug"], .when(configuration: .release))]
        ),
        .executableTarget(
            name: "reconcile-sandbox",
            dependencies: [
                "AWS", "JSON", "Sandbox", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house,
            linkerSettings: [.unsafeFlags(["-Xlinker", "--strip-debug"], .when(configuration: .release))]
        ),
        .target(
            name: "Simulation",
            dependencies: [
                "AWS", "Base", "Hashing", "JSON", "Ledger", "Manifest", "Reconciler", "Resources", "SQLite", "Sandbox",
                "Time",
            ],
            swiftSettings: house),
        .executableTarget(
            name: "simulate",
            dependencies: [
                "Simulation",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house
        ),
        .testTarget(name: "HouseTests", swiftSettings: house),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: house),
        .testTarget(
            name: "AWSTests", dependencies: ["AWS", "Hashing", "JSON", "Support", "Time"],
            exclude: ["server.py", "sign.py"],
            swiftSettings: house),
        .testTarget(
            name: "ReconcilerTests",
            dependencies: ["Base", "JSON", "Ledger", "Reconciler", "SQLite", "Support", "Time"],
            exclude: ["Ledgers"],
            swiftSettings: house),
        .testTarget(
            name: "ResourcesTests",
            dependencies: [
                "AWS", "Base", "Hashing", "JSON", "Ledger", "Manifest", "Reconciler", "Resources", "Sandbox", "Support",
                "Time",
            ],
            exclude: ["Cases"], swiftSettings: house),
        .target(name: "Support", path: "Tests/Support", swiftSettings: house),
        .testTarget(
            name: "ContractTests", dependencies: ["AWS", "Base", "JSON", "Ledger", "Resources", "Support", "Time"],
            exclude: ["radosgw.py"], swiftSettings: house),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "Base", "JSON", "Ledger", "Reconciler", "SQLite", "Support", "Time", "YAML", "reconcile",
                "reconcile-sandbox",
            ],
            exclude: [
                "Golden", "Ledgers", "Kills/sync.c", "Pipelines/zizmor.yml", "Report/look.py",
                "Report/requirements.txt", "Report/wellformed.py",
            ], swiftSettings: house),
        .testTarget(
            name: "FrameworkTests", dependencies: ["JSON", "Support", "reconcile", "reconcile-sandbox"],
            exclude: ["Tools", "postgres", "requirements.txt"], swiftSettings: house),
        .testTarget(
            name: "SandboxTests", dependencies: ["AWS", "JSON", "Sandbox", "Support", "Time"],
            exclude: ["Wire/shapes.py"], swiftSettings: house),
        .testTarget(name: "YAMLTests", dependencies: ["JSON", "YAML"], swiftSettings: house),
    ]
)
