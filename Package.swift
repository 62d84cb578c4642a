// swift-tools-version: 6.2
import PackageDescription

/// What holds for every line of our own Swift: no unmarked unsafety, and no warning that is left for later.
let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Fuzzers get their main function from a sanitizer, and cannot be linked without it: `make fuzz` asks for them.
let isFuzzing = Context.environment["TIMBRED_FUZZ"] != nil
/// By what a fuzzer tells which ways an input takes. Of several `-sanitize` the compiler takes the last, the address
/// sanitizer's, which has no such ways.
let traced: [SwiftSetting] =
    isFuzzing ? [.unsafeFlags(["-sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp"])] : []

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let database: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")

func module(_ name: String, _ dependencies: [Target.Dependency], settings: [SwiftSetting] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict + traced + settings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies, resources: resources,
        swiftSettings: strict)
}

func library(_ name: String, _ package: String, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: package, providers: [.apt([apt])])
}

let package = Package(
    name: "timbred",
    products: [
        .executable(name: "timbred", targets: ["timbred"]),
        .executable(name: "timbrectl", targets: ["timbrectl"]),
        .executable(name: "timbre-extract", targets: ["timbre-extract"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // C: a module map for each library, what Glibc's module lacks, and the kernels that want target_clones.
        library("CSndFile", "sndfile", apt: "libsndfile1-dev"),
        library("CFFTW", "fftw3", apt: "libfftw3-dev"),
        library("CSystemd", "libsystemd", apt: "libsystemd-dev"),
        library("CGcrypt", "libgcrypt", apt: "libgcrypt20-dev"),
        library("CXXHash", "libxxhash", apt: "libxxhash-dev"),
        .target(name: "CLinux"),
        .target(name: "CDispatchMonitor"),
        .target(name: "CTimbreKernels", cSettings: [.unsafeFlags(["-O3", "-ffp-contract=off", "-fno-math-errno"])]),

        // The path of a file, and of a query.
        module("ContentHash", ["CGcrypt", "CXXHash"]),
        module("FolderWatch", ["CLinux", system]),
        module("FourierPlanning", []),
        module(
            "AudioDecoding",
            [
                "ContentHash", "FourierPlanning", "CLinux", "CSndFile", "CFFTW", "CTimbreKernels", "TimbreExtraction",
                system,
            ]),
        module("WorkerSandbox", ["CLinux"]),
        module("TimbreFeatures", ["FourierPlanning", "CFFTW", "CTimbreKernels", "TimbreExtraction"]),
        module(
            "SoundExtraction",
            ["ContentHash", "AudioDecoding", "TimbreFeatures", "TimbreExtraction", system]),
        module("TimbreExtraction", ["ContentHash", "CLinux", system]),
        // Optimised in debug builds as well: without it, tests that learn a transform take minutes.
        module("LinearAlgebra", [], settings: [.unsafeFlags(["-O"], .when(configuration: .debug))]),
        module("TimbreCoding", ["ContentHash", "CTimbreKernels", "LinearAlgebra", "TimbreExtraction"]),
        module("SoundEvents", ["CTimbreKernels", "TimbreExtraction"]),
        module("TimbreStore", ["ContentHash", "TimbreExtraction", system, database, sqlite]),
        module("TimbreIndex", ["CTimbreKernels", "TimbreCoding"]),
        module("TimbreEvaluation", ["TimbreCoding"]),
        module("TimbreWire", ["CLinux", system]),
        module(
            "TimbreDaemon",
            [
                "CLinux", "CSystemd", "ContentHash", "FolderWatch", "TimbreExtraction", "TimbreCoding", "TimbreStore",
                "TimbreIndex", "TimbreEvaluation", "TimbreWire", system, logging, lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),

        program("timbred", ["CDispatchMonitor", "TimbreDaemon", "TimbreExtraction", arguments, logging, system]),
        program("timbrectl", ["TimbreWire", "TimbreExtraction", arguments, system]),
        program(
            "timbre-extract",
            [
                "ContentHash", "SoundExtraction", "TimbreFeatures", "TimbreExtraction", "WorkerSandbox", "CLinux",
                arguments,
                system,
            ]),
        program(
            "timbre-bench",
            [
                "CLinux", "ContentHash", "AudioDecoding", "SoundExtraction", "TimbreFeatures", "TimbreExtraction",
                "TimbreCoding", "TimbreStore", "TimbreIndex", arguments, system,
            ]),

        .target(name: "TestSounds", dependencies: [system], path: "Tests/TestSounds", swiftSettings: strict),
        tests("ContentHash", []),
        tests("FolderWatch", [system]),
        tests("AudioDecoding", ["ContentHash", "CSndFile", "TestSounds", "TimbreExtraction", system]),
        tests(
            "TimbreFeatures", ["TestSounds", "AudioDecoding", "TimbreExtraction", system],
            resources: [.copy("Golden")]),
        tests("TimbreExtraction", ["TestSounds", "ContentHash", "CLinux", system]),
        .executableTarget(
            name: "break-out", dependencies: ["WorkerSandbox", "CBreakOut"], path: "Tests/Helpers/break-out",
            swiftSettings: strict),
        .target(name: "CBreakOut", path: "Tests/Helpers/CBreakOut"),
        tests("WorkerSandbox", ["break-out", "TestSounds", system]),
        tests("LinearAlgebra", []),
        tests("TimbreCoding", ["TimbreExtraction"]),
        tests("SoundEvents", ["TimbreExtraction"]),
        tests("TimbreStore", ["ContentHash", "TimbreExtraction", system, database, sqlite]),
        tests("TimbreIndex", ["CTimbreKernels", "TimbreCoding"]),
        tests("TimbreEvaluation", []),
        .target(
            name: "TestLibrary", dependencies: ["TimbreWire", system], path: "Tests/TestLibrary",
            swiftSettings: strict),
        tests("TimbreWire", ["TestLibrary", system]),
        .testTarget(
            name: "TimbreCtlTests",
            dependencies: [
                "timbrectl", "timbre-extract", "TimbreWire", "TestLibrary", "TestSounds", arguments, system,
            ],
            swiftSettings: strict),
        tests(
            "TimbreDaemon",
            [
                "TestSounds", "CLinux", "ContentHash", "FolderWatch", "TimbreExtraction", "TimbreStore", "TimbreIndex",
                "TimbreCoding", "TimbreEvaluation", "TimbreWire", system, logging,
            ]),
    ],
    swiftLanguageModes: [.v6]
)

if isFuzzing {
    let fuzzers: KeyValuePairs<String, [Target.Dependency]> = [
        "Calls": ["TimbreWire", "TestLibrary"],
        "Replies": ["TimbreWire"],
        "Queries": [
            "TimbreDaemon", "TimbreWire", "TimbreStore", "TimbreCoding", "TimbreIndex", "TimbreExtraction",
            "ContentHash", "FolderWatch", system, logging,
        ],
        "Model": ["TimbreCoding", "TimbreExtraction"],
        "Configuration": ["TimbreDaemon", system],
        "Worker": ["TimbreExtraction", "TimbreCoding"],
        "Parsers": [
            "FolderWatch", "AudioDecoding", "TimbreExtraction", "TimbreIndex", "TimbreWire", "TestSounds", system,
        ],
    ]
    package.targets += fuzzers.map { name, dependencies in
        .executableTarget(
            name: "Fuzz\(name)", dependencies: dependencies, path: "Tests/Fuzzing/\(name)",
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
    }
}
