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

// One file for each ecosystem whose metrics deptop understands.
let mappings = [
  "envoy", "go-sql", "grpc-go", "haproxy", "hikaricp", "hikaricp-micrometer", "istio", "linkerd", "node", "otel-db",
  "otel-dns", "otel-http", "otel-rpc", "pgbouncer-exporter", "psycopg-pool", "redis", "resilience4j",
]

// The outages that the lab plays, in the order of the story.
let scenarios = [
  "dns-failover", "nat-silent", "breaker-stuck", "bad-address", "slow-upstream", "keepalive-ceremonial",
  "breaker-flapping", "dns-cached", "nat-reset", "retries-synchronised", "mtu-black-hole", "retries-stacked",
  "connection-leak", "timeout-inversion", "reconnect-herd",
]

// No executable products are declared: an application that embeds the client library fetches nothing else.
let package = Package(
  name: "deptop",
  products: [.library(name: "DeptopClient", targets: ["DeptopClient"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-protobuf.git", from: "1.39.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", from: "0.2.0"),
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
    .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
  ],
  targets: [
    .target(name: "DeptopModel"),
    .target(name: "DeptopWire", dependencies: ["DeptopModel"]),
    .target(name: "DeptopClient", dependencies: ["CClient", "DeptopModel", "DeptopWire"]),
    .target(name: "DeptopBlocking"),
    .target(name: "DeptopKernel", dependencies: ["CLinux", "DeptopBlocking", "DeptopModel"]),
    .target(name: "DeptopHelper", dependencies: ["CLinux", "DeptopBlocking", "DeptopKernel", "DeptopModel"]),
    .executableTarget(name: "deptop-helper", dependencies: ["DeptopHelper", "DeptopKernel"]),
    .target(name: "DeptopConfiguration", dependencies: ["DeptopModel", .product(name: "Yams", package: "Yams")]),
    .target(
      name: "DeptopPgBouncer", dependencies: ["CPostgres", "DeptopBlocking", "DeptopConfiguration", "DeptopModel"]),
    .target(name: "DeptopHTTP", dependencies: ["CCurl", "DeptopBlocking"]),
    .target(name: "DeptopJVM", dependencies: ["DeptopConfiguration", "DeptopHTTP", "DeptopModel"]),
    .target(
      name: "DeptopMetrics", dependencies: ["DeptopConfiguration", "DeptopModel"],
      resources: mappings.map { .embedInCode("Mappings/\($0).yaml") }),
    .target(
      name: "DeptopOTLP",
      dependencies: [
        "CInflate", "DeptopMetrics", "DeptopModel", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["Proto"]),
    .target(
      name: "DeptopSources",
      dependencies: [
        "CCares", "DeptopBlocking", "DeptopConfiguration", "DeptopHTTP", "DeptopJVM", "DeptopKernel", "DeptopMetrics",
        "DeptopModel", "DeptopPgBouncer",
      ]),
    .target(
      name: "DeptopControl",
      dependencies: [
        "DeptopBlocking", "DeptopConfiguration", "DeptopJVM", "DeptopKernel", "DeptopModel", "DeptopPgBouncer",
      ]),
    .target(name: "DeptopDiagnosis", dependencies: ["DeptopModel"]),
    .target(name: "DeptopHistory", dependencies: ["DeptopModel", .product(name: "GRDB", package: "GRDB.swift")]),
    .target(
      name: "DeptopCollector",
      dependencies: [
        "DeptopBlocking", "DeptopConfiguration", "DeptopControl", "DeptopDiagnosis", "DeptopHistory", "DeptopKernel",
        "DeptopMetrics", "DeptopModel", "DeptopOTLP", "DeptopSources", "DeptopWire",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .target(
      name: "DeptopLab",
      dependencies: [
        "CLab", "DeptopBlocking", "DeptopClient", "DeptopConfiguration", "DeptopConnection", "DeptopModel",
        "DeptopWire",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ],
      resources: scenarios.map { .embedInCode("Scenarios/\($0).yaml") }),
    .executableTarget(
      name: "deptop-lab",
      dependencies: [
        "DeptopConfiguration", "DeptopLab", "DeptopWire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "deptopd",
      dependencies: [
        "DeptopBlocking", "DeptopCollector", "DeptopConfiguration", "DeptopHelper", "DeptopKernel", "DeptopWire",
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
    .target(name: "DeptopDashboard", dependencies: ["DeptopModel", "DeptopScreen", "DeptopWire"]),
    .target(name: "DeptopTerminal", dependencies: ["CCurses", "DeptopScreen"]),
    .executableTarget(
      name: "deptop",
      dependencies: [
        "DeptopBlocking", "DeptopConnection", "DeptopDashboard", "DeptopDiagnosis", "DeptopModel", "DeptopScreen",
        "DeptopTerminal", "DeptopThemes", "DeptopWire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "DeptopTestSupport",
      dependencies: [
        "DeptopBlocking", "DeptopConfiguration", "DeptopHTTP", "DeptopKernel", "DeptopModel", "DeptopScreen",
        "DeptopSources",
      ],
      path: "Tests/DeptopTestSupport", resources: [.embedInCode("JVM/HikariBridge.java")]),
    .target(name: "CAllocation", path: "Tests/CAllocation"),
    .target(name: "CNamespace", path: "Tests/CNamespace"),
    .testTarget(
      name: "DeptopClientTests", dependencies: ["CAllocation", "DeptopClient", "DeptopModel", "DeptopWire"]),
    .testTarget(
      name: "DeptopCollectorTests",
      dependencies: [
        "DeptopCollector", "DeptopConfiguration", "DeptopConnection", "DeptopControl", "DeptopHistory", "DeptopKernel",
        "DeptopModel", "DeptopSources", "DeptopTestSupport", "DeptopWire",
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
      dependencies: [
        "DeptopConfiguration", "DeptopControl", "DeptopKernel", "DeptopModel", "DeptopPgBouncer", "DeptopSources",
        "DeptopTestSupport",
      ]),
    .testTarget(name: "DeptopDiagnosisTests", dependencies: ["DeptopDiagnosis", "DeptopModel"]),
    .testTarget(name: "DeptopHTTPTests", dependencies: ["DeptopHTTP", "DeptopModel", "DeptopTestSupport"]),
    .testTarget(
      name: "DeptopJVMTests", dependencies: ["DeptopConfiguration", "DeptopJVM", "DeptopModel", "DeptopTestSupport"]),
    .testTarget(
      name: "DeptopMetricsTests", dependencies: ["DeptopConfiguration", "DeptopMetrics", "DeptopModel"],
      resources: mappings.map { .embedInCode("Fixtures/\($0).txt") }),
    .testTarget(name: "DeptopOTLPTests", dependencies: ["DeptopMetrics", "DeptopModel", "DeptopOTLP"]),
    .testTarget(name: "DeptopModelTests", dependencies: ["DeptopBenchmarkFigures", "DeptopModel"]),
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
      dependencies: ["DeptopDashboard", "DeptopModel", "DeptopScreen", "DeptopThemes", "DeptopWire"],
      exclude: ["__Snapshots__"]),
    .testTarget(
      name: "DeptopProgramTests", dependencies: ["DeptopBlocking", "DeptopDashboard", "DeptopWire", "deptop"]),
    .testTarget(
      name: "DeptopHistoryTests",
      dependencies: ["DeptopHistory", "DeptopModel", .product(name: "GRDB", package: "GRDB.swift")]),
    .testTarget(
      name: "DeptopPgBouncerTests", dependencies: ["DeptopConfiguration", "DeptopModel", "DeptopPgBouncer"]),
    .testTarget(name: "DeptopScreenTests", dependencies: ["DeptopScreen", "DeptopThemes"]),
    .testTarget(
      name: "DeptopSourcesTests",
      dependencies: [
        "CNamespace", "DeptopConfiguration", "DeptopKernel", "DeptopModel", "DeptopSources", "DeptopTestSupport",
      ]),
    .testTarget(
      name: "DeptopKernelTests", dependencies: ["CLinux", "DeptopKernel", "DeptopModel", "DeptopTestSupport"]),
    .testTarget(
      name: "DeptopHelperTests",
      dependencies: [
        "CLinux", "DeptopBlocking", "DeptopHelper", "DeptopKernel", "DeptopModel", "DeptopTestSupport", "deptop-helper",
        "helper-fixture",
      ]),
    .testTarget(
      name: "DeptopEndToEndTests",
      dependencies: [
        "DeptopConfiguration", "DeptopLab", "DeptopModel", "DeptopScreen", "DeptopTestSupport", "DeptopWire",
        "agent-fixture", "deptop", "deptop-helper", "deptop-lab", "deptopd",
      ],
      exclude: ["Agents", "Services", "__Snapshots__"]),
    .testTarget(
      name: "DeptopLabTests",
      dependencies: [
        "DeptopBlocking", "DeptopClient", "DeptopConfiguration", "DeptopDiagnosis", "DeptopLab", "DeptopModel",
        "DeptopSources", "DeptopTestSupport", "DeptopWire", "deptop-lab",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .executableTarget(
      name: "helper-fixture", dependencies: ["DeptopHelper", "DeptopKernel", "DeptopModel"],
      path: "Tests/HelperFixture"),
    .executableTarget(name: "agent-fixture", dependencies: ["DeptopClient"], path: "Tests/AgentFixture"),
    .target(name: "CBenchmarks", path: "Tests/Benchmarks/C"),
    .target(
      name: "DeptopBenchmarkFigures",
      dependencies: ["DeptopLab", "DeptopModel", .product(name: "Histogram", package: "hdrhistogram-swift")],
      path: "Tests/Benchmarks/Figures"),
    .executableTarget(
      name: "deptop-bench",
      dependencies: [
        "CBenchmarks", "CPostgres", "DeptopBenchmarkFigures", "DeptopBlocking", "DeptopClient", "DeptopConfiguration",
        "DeptopConnection", "DeptopKernel", "DeptopLab", "DeptopModel", "DeptopScreen", "DeptopTestSupport",
        "DeptopWire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Histogram", package: "hdrhistogram-swift"),
        .product(name: "Metrics", package: "swift-metrics"),
      ],
      path: "Tests/Benchmarks", exclude: ["C", "Figures"]),
    .testTarget(name: "DeptopBenchmarkTests", dependencies: ["DeptopBenchmarkFigures", "DeptopLab"]),
    .target(name: "CCurses", linkerSettings: [.linkedLibrary("ncursesw")]),
    .target(name: "CClient"),
    .target(name: "CCares", linkerSettings: [.linkedLibrary("cares")]),
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .target(name: "CInflate", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CLab"),
    .target(name: "CLinux"),
    .systemLibrary(name: "CPostgres", providers: [.apt(["libpq-dev"])]),
  ]
)

for target in package.targets where target.type != .system && !target.name.hasPrefix("C") {
  target.swiftSettings = strict
}
