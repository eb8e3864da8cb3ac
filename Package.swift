// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .enableUpcomingFeature("ImmutableWeakCaptures"),
  .strictMemorySafety(),
  .treatWarning("ExplicitSendable", as: .error),
]

// No executable products are declared: an application that embeds a library of this package fetches nothing else.
let package = Package(
  name: "deptop",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
    .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
  ],
  targets: [
    .target(name: "DeptopModel"),
    .target(name: "DeptopWire", dependencies: ["DeptopModel"]),
    .target(name: "DeptopBlocking"),
    .target(name: "DeptopConfiguration", dependencies: ["DeptopModel", .product(name: "Yams", package: "Yams")]),
    .target(
      name: "DeptopPgBouncer", dependencies: ["CPostgres", "DeptopBlocking", "DeptopConfiguration", "DeptopModel"]),
    .target(
      name: "DeptopSources",
      dependencies: ["CCares", "CLinux", "DeptopBlocking", "DeptopConfiguration", "DeptopModel", "DeptopPgBouncer"]),
    .target(name: "DeptopControl", dependencies: ["DeptopConfiguration", "DeptopModel", "DeptopPgBouncer"]),
    .target(name: "DeptopDiagnosis", dependencies: ["DeptopModel"]),
    .target(name: "DeptopHistory", dependencies: ["DeptopModel", .product(name: "GRDB", package: "GRDB.swift")]),
    .target(
      name: "DeptopCollector",
      dependencies: [
        "DeptopBlocking", "DeptopConfiguration", "DeptopControl", "DeptopDiagnosis", "DeptopHistory", "DeptopModel",
        "DeptopSources", "DeptopWire",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .executableTarget(
      name: "deptopd",
      dependencies: [
        "DeptopBlocking", "DeptopCollector", "DeptopConfiguration", "DeptopWire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),
    .target(
      name: "DeptopConnection",
      dependencies: [
        "DeptopModel", "DeptopWire",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .target(name: "DeptopScreen"),
    .target(
      name: "DeptopThemes",
      dependencies: ["DeptopScreen"],
      path: "Themes",
      resources: [
        .embedInCode("dark.json5"), .embedInCode("light.json5"), .embedInCode("terminal-16.json5"),
        .embedInCode("mono.json5"), .embedInCode("high-contrast.json5"), .embedInCode("cvd-blue-orange.json5"),
        .embedInCode("cvd-tritan.json5"), .embedInCode("red-production.json5"),
      ]),
    .target(name: "DeptopDashboard", dependencies: ["DeptopModel", "DeptopScreen"]),
    .target(name: "DeptopTerminal", dependencies: ["CCurses", "DeptopScreen"]),
    .executableTarget(
      name: "deptop",
      dependencies: [
        "DeptopConnection", "DeptopDashboard", "DeptopDiagnosis", "DeptopModel", "DeptopScreen", "DeptopTerminal",
        "DeptopThemes", "DeptopWire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "DeptopTestSupport",
      dependencies: ["DeptopBlocking", "DeptopConfiguration", "DeptopModel", "DeptopScreen", "DeptopSources"],
      path: "Tests/DeptopTestSupport"),
    .testTarget(
      name: "DeptopCollectorTests",
      dependencies: [
        "DeptopCollector", "DeptopConfiguration", "DeptopConnection", "DeptopControl", "DeptopHistory", "DeptopModel",
        "DeptopSources", "DeptopTestSupport", "DeptopWire",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .testTarget(
      name: "DeptopConnectionTests",
      dependencies: [
        "DeptopBlocking", "DeptopConnection", "DeptopTestSupport", "DeptopWire",
        .product(name: "NIOCore", package: "swift-nio"),
      ]),
    .testTarget(name: "DeptopConfigurationTests", dependencies: ["DeptopConfiguration", "DeptopModel"]),
    .testTarget(
      name: "DeptopControlTests",
      dependencies: ["DeptopConfiguration", "DeptopControl", "DeptopModel", "DeptopPgBouncer", "DeptopTestSupport"]),
    .testTarget(name: "DeptopDiagnosisTests", dependencies: ["DeptopDiagnosis", "DeptopModel"]),
    .testTarget(name: "DeptopModelTests", dependencies: ["DeptopModel"]),
    .testTarget(
      name: "DeptopTerminalTests",
      dependencies: [
        "DeptopScreen", "DeptopTerminal", "DeptopTestSupport", "TerminalFixtureScreens", "terminal-fixture",
      ]),
    .target(name: "TerminalFixtureScreens", dependencies: ["DeptopScreen"], path: "Tests/TerminalFixtureScreens"),
    .executableTarget(
      name: "terminal-fixture", dependencies: ["DeptopScreen", "DeptopTerminal", "TerminalFixtureScreens"],
      path: "Tests/TerminalFixture"),
    .testTarget(name: "DeptopWireTests", dependencies: ["DeptopModel", "DeptopWire"]),
    .testTarget(
      name: "DeptopDashboardTests",
      dependencies: ["DeptopDashboard", "DeptopModel", "DeptopScreen", "DeptopThemes"],
      exclude: ["__Snapshots__"]),
    .testTarget(
      name: "DeptopHistoryTests",
      dependencies: ["DeptopHistory", "DeptopModel", .product(name: "GRDB", package: "GRDB.swift")]),
    .testTarget(
      name: "DeptopPgBouncerTests", dependencies: ["DeptopConfiguration", "DeptopModel", "DeptopPgBouncer"]),
    .testTarget(name: "DeptopScreenTests", dependencies: ["DeptopScreen", "DeptopThemes"]),
    .testTarget(
      name: "DeptopSourcesTests",
      dependencies: ["CLinux", "DeptopConfiguration", "DeptopModel", "DeptopSources", "DeptopTestSupport"]),
    .testTarget(
      name: "DeptopEndToEndTests",
      dependencies: ["DeptopModel", "DeptopScreen", "DeptopTestSupport", "DeptopWire", "deptop", "deptopd"],
      exclude: ["__Snapshots__"]),
    .target(name: "CBenchmarks", path: "Tests/Benchmarks/C"),
    .target(name: "DeptopBenchmarkFigures", path: "Tests/Benchmarks/Figures"),
    .executableTarget(
      name: "deptop-bench",
      dependencies: [
        "CBenchmarks", "DeptopBenchmarkFigures", "DeptopConnection", "DeptopModel", "DeptopScreen", "DeptopSources",
        "DeptopTestSupport", "DeptopWire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/Benchmarks", exclude: ["C", "Figures"]),
    .testTarget(name: "DeptopBenchmarkTests", dependencies: ["DeptopBenchmarkFigures"]),
    .target(name: "CCurses", linkerSettings: [.linkedLibrary("ncursesw")]),
    .target(name: "CCares", linkerSettings: [.linkedLibrary("cares")]),
    .target(name: "CLinux"),
    .systemLibrary(name: "CPostgres", providers: [.apt(["libpq-dev"])]),
  ]
)

for target in package.targets where target.type != .system && !target.name.hasPrefix("C") {
  target.swiftSettings = strict
}
