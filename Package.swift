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

/// Whether what libsndfile does not decode goes to FFmpeg's libraries: `make FFMPEG=no` builds without them.
let hasFFmpeg = Context.environment["FFMPEG"] != "no"
let ffmpeg: [SwiftSetting] = hasFFmpeg ? [.define("FFMPEG")] : []

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let database: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")

/// Where Debian keeps the reference LAPACK and BLAS, whatever other ones are installed.
let referenceLibraries = ["x86_64", "aarch64"].flatMap { machine in
    ["lapack", "blas"].map { "-L/usr/lib/\(machine)-linux-gnu/\($0)" }
}

/// Leaves out the names of all of Swift's functions, which nobody looks up: 0.8 MB of a program.
let withoutFunctionNames = ["-Xlinker", "--no-export-dynamic"]

/// - Parameter embedded: Folders of files that a target in C has as parts of the program.
func module(
    _ name: String, _ dependencies: [Target.Dependency], embedded: [String] = [], settings: [SwiftSetting] = []
) -> Target {
    .target(name: name, dependencies: dependencies, exclude: embedded, swiftSettings: strict + traced + settings)
}

func program(
    _ name: String, _ dependencies: [Target.Dependency], settings: [SwiftSetting] = [], linking: [String] = []
) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, swiftSettings: strict + settings,
        linkerSettings: linking.isEmpty ? [] : [.unsafeFlags(linking)])
}

/// A small program that runs one part alone, for those who work on it.
func tool(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Tests/Programs/\(name)", swiftSettings: strict)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [], settings: [SwiftSetting] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies, resources: resources,
        swiftSettings: strict + settings)
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
        .executable(name: "timbre-web", targets: ["timbre-web"]),
        .executable(name: "timbre-cluster", targets: ["timbre-cluster"]),
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
        library("CMicroHTTP", "libmicrohttpd", apt: "libmicrohttpd-dev"),
        library("CZlib", "zlib", apt: "zlib1g-dev"),
        library("CArchive", "libarchive", apt: "libarchive-dev"),
        library("CPostgres", "libpq", apt: "libpq-dev"),
        // Not by pkg-config, which would find whatever library takes the place of the reference ones.
        .target(name: "CLAPACK"),
        .target(name: "CLinux"),
        .target(name: "CDispatchMonitor"),
        .target(name: "CNoUnicodeData"),
        // Files as parts of programs.
        .target(name: "CPageFiles"),
        .target(name: "CShardSchema"),
        .target(name: "CWireInterfaces"),
        .target(name: "CTimbreKernels", cSettings: [.unsafeFlags(["-O3", "-ffp-contract=off", "-fno-math-errno"])]),

        // Files, threads and text: what all others stand on.
        module("Platform", ["CLinux", system]),

        // The path of a file, and of a query.
        module("ContentHash", ["CGcrypt", "CXXHash"]),
        module("FolderWatch", ["Platform", "CLinux", system]),
        module("FourierPlanning", []),
        module("SoundFeatures", ["ContentHash", system]),
        module(
            "AudioDecoding",
            [
                "Platform", "ContentHash", "FourierPlanning", "CSndFile", "CFFTW", "CTimbreKernels", "SoundFeatures",
                system,
            ] + (hasFFmpeg ? ["CFFmpeg"] : []), settings: ffmpeg),
        module("ArchiveReading", ["Platform", "CArchive", "SoundFeatures", system]),
        module("WorkerSandbox", ["Platform", "CLinux", system]),
        module("TimbreFeatures", ["FourierPlanning", "CFFTW", "CTimbreKernels", "SoundFeatures"]),
        module(
            "SoundExtraction",
            ["ContentHash", "AudioDecoding", "TimbreFeatures", "SoundFeatures", system]),
        module("TimbreExtraction", ["Platform", "ContentHash", "SoundFeatures", "CLinux", system]),
        // Optimised in debug builds as well: without it, tests that learn a transform take minutes.
        .target(
            name: "LinearAlgebra", dependencies: ["CLAPACK"],
            swiftSettings: strict + traced + [.unsafeFlags(["-O"], .when(configuration: .debug))],
            linkerSettings: [.unsafeFlags(referenceLibraries)]),
        module("TimbreCodes", ["CTimbreKernels", "SoundFeatures"]),
        module("TimbreDescriptors", ["CTimbreKernels", "SoundFeatures"]),
        module("EarlierMetric", ["CTimbreKernels", "TimbreCodes", "TimbreDescriptors", "SoundFeatures"]),
        module("SoundDuplicates", ["CTimbreKernels", "SoundFeatures"]),
        module(
            "TimbreCoding",
            [
                "ContentHash", "CTimbreKernels", "LinearAlgebra", "TimbreCodes", "TimbreDescriptors", "EarlierMetric",
                "SoundFeatures",
            ]),
        module("SoundEvents", ["CTimbreKernels", "SoundFeatures"]),
        module("EventStore", ["Platform", "ContentHash", "SoundEvents", system]),
        module(
            "TimbreStore",
            ["Platform", "ContentHash", "SoundEvents", "EventStore", "SoundFeatures", system, database, sqlite]),
        module("TimbreIndex", ["CTimbreKernels", "TimbreCodes", "TimbreDescriptors"]),
        // Optimised in debug builds as well, as is what tests of the map stand on.
        .target(
            name: "TimbreMap", dependencies: ["CTimbreKernels", "LinearAlgebra", "TimbreCodes", "TimbreIndex"],
            swiftSettings: strict + traced + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
        module("Varlink", ["Platform", "CLinux", system]),
        module("TimbreWire", ["Platform", "SoundFeatures", "Varlink", "CWireInterfaces", system]),
        module("Compression", ["CZlib"]),
        // What a sound looks like, for terminals, files and pages.
        module("TimbrePictures", ["Compression", "Platform", "SoundFeatures", "TimbreCodes", "TimbreWire"]),
        module(
            "TimbreLibrary",
            [
                "Platform", "CLinux", "SoundFeatures", "TimbreCodes", "TimbreDescriptors", "TimbreCoding", "EventStore",
                "TimbreStore", "TimbreIndex", "ContentHash", system,
            ]),
        // The library in one file, and back.
        module("LibraryBackup", ["Platform", "ContentHash", "TimbreStore", "EventStore", system]),
        // A person's own playlist, which timbrectl and the page share.
        module("Favourites", ["Platform", system]),
        module("LibraryFeed", ["Platform", "ContentHash", "SoundFeatures", "TimbreStore", system]),
        module("TimbreConfiguration", ["Platform", "CLinux", system]),
        module("Systemd", ["Platform", "CLinux", "CSystemd", system, logging]),
        module(
            "TimbreIngest",
            [
                "Platform", "Systemd", "CLinux", "ContentHash", "FolderWatch", "SoundFeatures", "TimbreExtraction",
                "TimbreDescriptors", "TimbreCoding", "SoundEvents", "EventStore", "TimbreStore", "TimbreIndex",
                "TimbreLibrary", "LibraryFeed", system, logging,
            ]),
        module(
            "TimbreTraining",
            [
                "Platform", "ContentHash", "TimbreCodes", "TimbreDescriptors", "TimbreCoding",
                "TimbreStore", "TimbreIndex", "TimbreMap", "TimbreLibrary", "TimbreIngest", "TimbreWire", system,
                logging,
            ]),
        module(
            "TimbreAnswers",
            [
                "Platform", "CLinux", "ContentHash", "FolderWatch", "SoundFeatures", "Systemd", "TimbreConfiguration",
                "TimbreCodes", "TimbreDescriptors", "EarlierMetric", "SoundDuplicates", "TimbreCoding", "SoundEvents",
                "EventStore", "TimbreStore", "TimbreIndex", "TimbreMap", "TimbreLibrary", "LibraryBackup",
                "LibraryFeed",
                "TimbreIngest", "TimbreTraining", "TimbreWire", "Varlink", system, logging,
            ]),
        module(
            "TimbreDaemon",
            [
                "Platform", "CLinux", "ContentHash", "FolderWatch", "SoundFeatures", "Systemd", "TimbreConfiguration",
                "TimbreExtraction", "TimbreCoding", "EventStore", "TimbreStore", "TimbreIndex", "TimbreLibrary",
                "LibraryBackup", "LibraryFeed", "TimbreIngest", "TimbreTraining", "TimbreAnswers", "TimbreWire",
                "Varlink", system, logging, lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),

        // The page that `timbrectl browse` shows.
        module("QueryExtraction", ["SoundFeatures", "TimbreExtraction", "TimbreWire", system]),
        module("PageServer", ["Platform", "CLinux", "CMicroHTTP", system]),
        module(
            "TimbrePage",
            [
                "Platform", "ContentHash", "SoundFeatures", "TimbreExtraction", "QueryExtraction", "Varlink",
                "TimbreWire", "TimbrePictures", "Compression", "PageServer", "Favourites", "CPageFiles", system,
            ], embedded: ["Page"]),

        // What timbrectl is made of, beside its commands.
        module("CommandOutput", ["Platform", "Varlink", "TimbreWire", system]),
        module("SpareFiles", ["Platform", "TimbreWire", "CommandOutput", system]),
        module("ServiceHealth", ["TimbreWire", "CommandOutput"]),
        module(
            "LocalFiles",
            [
                "Platform", "SoundFeatures", "TimbreExtraction", "QueryExtraction", "Varlink", "TimbreWire",
                "CommandOutput", system,
            ]),
        module("LibraryReports", ["Platform", "Favourites", "Varlink", "TimbreWire", "CommandOutput", system]),
        module(
            "SoundPlots", ["SoundFeatures", "TimbreWire", "TimbrePictures", "CommandOutput", "LocalFiles", system]),

        // Many libraries together, on PostgreSQL.
        module("ShardConnections", ["CPostgres"]),
        module("ClusterShards", ["ShardConnections", "CShardSchema"], embedded: ["Schema"]),
        module(
            "TimbreCluster",
            [
                "Platform", "ContentHash", "TimbreCodes", "TimbreIndex", "Varlink", "TimbreWire", "ShardConnections",
                "ClusterShards", system, logging,
            ]),

        program(
            "timbred",
            [
                "Platform", "CDispatchMonitor", "CNoUnicodeData", "TimbreDaemon", "TimbreLibrary",
                "TimbreConfiguration", "Systemd",
                arguments, logging, system,
            ]),
        program(
            "timbrectl",
            [
                "Platform", "TimbrePictures", "TimbreWire", "Varlink", "SoundFeatures", "Favourites", "CommandOutput",
                "LocalFiles", "LibraryReports", "SpareFiles", "ServiceHealth", "SoundPlots", arguments, system,
            ],
            // Most of the time goes into the parser's generic code for each option, which runs once. What goes through long
            // lists is in the modules above.
            settings: [.unsafeFlags(["-Onone"])], linking: withoutFunctionNames),
        program(
            "timbre-extract",
            [
                "Platform", "ContentHash", "ArchiveReading", "AudioDecoding", "SoundExtraction", "SoundFeatures",
                "TimbreFeatures", "TimbreExtraction", "WorkerSandbox", "CLinux", arguments, system,
            ]),
        program(
            "timbre-web",
            [
                "Platform", "TimbreExtraction", "WorkerSandbox", "Varlink", "TimbreWire", "PageServer", "TimbrePage",
                "Favourites", arguments, system,
            ],
            linking: withoutFunctionNames),
        program(
            "timbre-cluster",
            [
                "Platform", "Systemd", "Varlink", "TimbreWire", "TimbreConfiguration", "ShardConnections",
                "ClusterShards", "TimbreCluster", arguments, logging, system,
            ]),
        program(
            "timbre-bench",
            [
                "Platform", "CLinux", "ContentHash", "AudioDecoding", "SoundExtraction", "TimbreFeatures",
                "SoundFeatures",
                "TimbreCodes", "TimbreDescriptors", "TimbreCoding", "TimbreStore", "TimbreIndex", "TimbreLibrary",
                arguments, system,
            ]),

        // Small programs that run one part each.
        tool(
            "run-search", ["TimbreLibrary", "TimbreStore", "TimbreIndex", "TimbreCodes", "Platform", arguments, system]),
        tool(
            "run-map",
            ["TimbreLibrary", "TimbreMap", "TimbreStore", "TimbreIndex", "TimbreCodes", "Platform", arguments, system]),
        tool("run-extract", ["AudioDecoding", "SoundExtraction", "SoundFeatures", "TimbreFeatures", system]),
        tool("run-watch", ["FolderWatch", "Platform", arguments, system]),

        .target(name: "TestSounds", dependencies: [system], path: "Tests/TestSounds", swiftSettings: strict),
        .target(name: "TestFiles", dependencies: ["Platform", system], path: "Tests/TestFiles", swiftSettings: strict),
        .target(
            name: "TestBands", dependencies: ["SoundFeatures"], path: "Tests/TestBands", swiftSettings: strict),
        .target(
            name: "TestModels",
            dependencies: ["TimbreCodes", "TimbreDescriptors", "EarlierMetric", "TimbreCoding", "SoundFeatures"],
            path: "Tests/TestModels", swiftSettings: strict),
        .target(
            name: "TestArchives", dependencies: ["CArchive", system], path: "Tests/TestArchives",
            swiftSettings: strict),
        tests("Platform", ["TestFiles", system]),
        tests("ArchiveReading", ["TestArchives", "TestSounds", "SoundFeatures", system]),
        tests("ContentHash", []),
        tests("FolderWatch", ["Platform", "TestFiles", system]),
        tests(
            "AudioDecoding", ["ContentHash", "CSndFile", "TestSounds", "SoundFeatures", system],
            resources: [
                "Foreign/aac.m4a", "Foreign/alac.m4a", "Foreign/behind.m4a", "Foreign/flac.mka", "Foreign/opus.webm",
                "Foreign/speex.ogg", "Foreign/two.mka", "Foreign/wavpack.wv", "Foreign/wma.wma", "Tagged/tags.caf",
                "Tagged/tags.mka", "Tagged/tags.mpc", "Tagged/tags.webm", "Tagged/tags.wma", "Tagged/tags.wv",
            ].map { .embedInCode($0) }, settings: ffmpeg),
        tests(
            "TimbreFeatures", ["TestSounds", "AudioDecoding", "SoundFeatures", system],
            resources: [.copy("Golden")]),
        tests(
            "TimbreExtraction",
            ["TestArchives", "TestSounds", "AudioDecoding", "ContentHash", "SoundFeatures", "CLinux", system]),
        .executableTarget(
            name: "break-out",
            dependencies: ["ArchiveReading", "AudioDecoding", "WorkerSandbox", "CBreakOut", system],
            path: "Tests/Helpers/break-out",
            swiftSettings: strict),
        .target(name: "CBreakOut", path: "Tests/Helpers/CBreakOut"),
        tests("WorkerSandbox", ["break-out", "TestSounds", "TestFiles", "Platform", system]),
        tests("LinearAlgebra", []),
        tests("TimbreCodes", []),
        tests("TimbreDescriptors", ["TestBands", "SoundFeatures", "TimbreFeatures"]),
        tests("EarlierMetric", ["TestBands", "TimbreCodes", "SoundFeatures"]),
        tests("SoundDuplicates", ["TestBands", "TimbreCodes", "SoundFeatures"]),
        tests("TimbreCoding", ["ContentHash", "TimbreCodes", "TimbreDescriptors", "EarlierMetric", "SoundFeatures"]),
        tests("SoundEvents", ["SoundFeatures", "TestBands"]),
        tests("EventStore", ["Platform", "SoundEvents", "TestBands", "TestFiles", system]),
        tests(
            "TimbreStore",
            ["Platform", "ContentHash", "SoundEvents", "EventStore", "SoundFeatures", system, database, sqlite]),
        tests("TimbreIndex", ["CTimbreKernels", "TimbreCodes", "TimbreDescriptors"]),
        tests("TimbreMap", ["CTimbreKernels", "TimbreCodes", "TimbreIndex"]),
        .target(
            name: "TestServer", dependencies: ["Platform", "Varlink", system], path: "Tests/TestServer",
            swiftSettings: strict),
        tests("Varlink", ["TestServer", "Platform", system]),
        .target(
            name: "TestLibrary", dependencies: ["TestServer", "TimbreWire", "Varlink", system],
            path: "Tests/TestLibrary", swiftSettings: strict),
        tests("TimbreWire", ["Platform", "Varlink", "TestLibrary", system]),
        tests("TimbrePictures", ["CZlib", "SoundFeatures", "TimbreCodes", "TimbreFeatures", "TimbreWire"]),
        tests("PageServer", ["Platform", system]),
        tests(
            "TimbrePage",
            [
                "CZlib", "Platform", "ContentHash", "Favourites", "PageServer", "TestArchives", "TestFiles",
                "TestLibrary", "TestServer", "TimbreWire", "Varlink", system,
            ]),
        tests("CommandOutput", ["TimbreWire", "Varlink", system]),
        tests("SpareFiles", ["Platform", "TestFiles", "TimbreCodes", "TimbreWire", system]),
        tests("ServiceHealth", ["CommandOutput", "TimbreWire"]),
        tests(
            "LocalFiles",
            [
                "Platform", "SoundFeatures", "Varlink", "TimbreWire", "CommandOutput", "TestFiles", "TestServer",
                "TestSounds", system,
            ]),
        tests("LibraryReports", ["Varlink", "TimbreWire", "CommandOutput", "LocalFiles", "TestLibrary"]),
        .testTarget(
            name: "TimbreCtlTests",
            dependencies: [
                "timbrectl", "timbre-extract", "CommandOutput", "LocalFiles", "TimbreWire", "Varlink",
                "TestLibrary", "TestServer", "TestSounds", arguments, system,
            ],
            swiftSettings: strict),
        tests(
            "TimbreLibrary",
            [
                "TestIngest", "Platform", "TestFiles", "TestModels", "ContentHash", "SoundFeatures", "SoundEvents",
                "TimbreCodes", "TimbreCoding", "EventStore", "TimbreStore", "TimbreIndex", system,
            ]),
        tests(
            "TimbreCluster",
            [
                "Platform", "ContentHash", "ShardConnections", "ClusterShards", "TimbreWire", "Varlink", "TestFiles",
                "TestServer", system, logging,
            ]),
        tests("LibraryBackup", ["Platform", "TestFiles", "TimbreStore", system]),
        tests("Favourites", ["Platform", "TestFiles", system]),
        tests("LibraryFeed", ["Platform", "TimbreCodes", system]),
        tests("TimbreConfiguration", ["TestFiles", system]),
        tests("Systemd", ["Platform", "TestFiles", "CLinux", logging, system]),
        .target(
            name: "TestIngest",
            dependencies: [
                "TestFiles", "TestModels", "Platform", "ContentHash", "SoundFeatures", "SoundEvents", "EventStore",
                "TimbreDescriptors", "TimbreCoding", "TimbreStore", "TimbreIndex", "TimbreLibrary", "TimbreIngest",
                system, logging,
            ], path: "Tests/TestIngest", swiftSettings: strict),
        tests(
            "TimbreIngest",
            [
                "TestArchives", "TestFiles", "TestModels", "TestSounds", "timbre-extract", "Platform", "ContentHash",
                "FolderWatch",
                "SoundFeatures", "SoundEvents", "TimbreExtraction", "TimbreCodes", "TimbreDescriptors", "TimbreCoding",
                "EventStore", "TimbreStore", "TimbreIndex", "TimbreLibrary", "LibraryFeed", system, logging, database,
            ]),
        tests(
            "TimbreTraining",
            [
                "TestIngest", "TestModels", "Platform", "ContentHash", "TimbreCodes",
                "TimbreCoding", "TimbreStore", "TimbreIndex", "TimbreMap", "TimbreLibrary",
                "TimbreIngest", "TimbreWire", system, logging,
            ]),
        tests(
            "TimbreAnswers",
            [
                "TestIngest", "TestBands", "TestFiles", "TestModels", "Platform", "ContentHash", "FolderWatch",
                "SoundFeatures", "SoundEvents", "EventStore", "TimbreConfiguration", "TimbreCodes",
                "TimbreDescriptors", "EarlierMetric", "SoundDuplicates",
                "TimbreCoding",
                "TimbreStore", "TimbreIndex", "TimbreMap", "TimbreLibrary", "LibraryFeed", "TimbreIngest",
                "TimbreTraining",
                "TimbreWire", "Varlink", "TestServer", system, logging,
            ]),
        tests(
            "TimbreDaemon",
            [
                "TestIngest", "TestFiles", "TestSounds", "Platform", "CLinux", "FolderWatch",
                "TimbreConfiguration", "TimbreStore", "TimbreLibrary", "TimbreIngest", "TimbreAnswers", "TimbreWire",
                "Varlink", system, logging,
            ]),
    ],
    swiftLanguageModes: [.v6]
)

if hasFFmpeg {
    // Not by pkg-config, which would link them: the program finds them when it needs them.
    package.targets.append(.target(name: "CFFmpeg"))
}

if isFuzzing {
    let fuzzers: KeyValuePairs<String, [Target.Dependency]> = [
        "Calls": ["TimbreWire", "Varlink", "TestLibrary"],
        "Replies": ["TimbreWire", "Varlink"],
        "Queries": [
            "Platform", "ContentHash", "FolderWatch", "SoundFeatures", "TimbreConfiguration", "TimbreCodes",
            "EarlierMetric", "TimbreCoding", "TimbreStore", "TimbreIndex", "TimbreLibrary", "TimbreIngest",
            "TimbreTraining", "TimbreAnswers", "TimbreWire", "Varlink", system, logging,
        ],
        "Archives": ["ArchiveReading", "Platform", "SoundFeatures", "TestSounds"],
        "Foreign": ["AudioDecoding", "SoundFeatures", "TestSounds"],
        "Requests": ["Platform", "PageServer", "TimbrePage", "TimbreWire", system],
        "Model": ["TimbreCodes", "TimbreCoding", "SoundFeatures"],
        "Configuration": ["TimbreConfiguration", system],
        "Worker": ["TimbreExtraction", "SoundFeatures", "TimbreCodes", "TimbreDescriptors", "TimbreCoding"],
        "Parsers": [
            "FolderWatch", "AudioDecoding", "SoundFeatures", "TimbreIndex", "TimbreWire", "TestSounds", system,
        ],
    ]
    package.targets += fuzzers.map { name, dependencies in
        .executableTarget(
            name: "Fuzz\(name)", dependencies: dependencies, path: "Tests/Fuzzing/\(name)",
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
    }
}

/// The programs that tests start as they were built, beside those that they are linked with.
let started = [
    "TimbreExtractionTests": ["timbre-extract"],
    "TimbreIngestTests": ["timbre-extract"],
    "TimbrePageTests": ["timbre-extract"],
    "TimbreDaemonTests": ["timbre-extract", "timbred"],
]

// `make test FILTER=…` names the tests that it wants, and `make build` the programs: only those are declared then, with what
// they stand on, so that nothing else is built and linked.
if let wanted = Context.environment["TIMBRED_TARGETS"] {
    var missing = wanted.split(separator: " ").map(String.init)
    var kept: Set<String> = []
    while let name = missing.popLast() {
        guard let target = package.targets.first(where: { $0.name == name }), kept.insert(name).inserted else {
            continue
        }
        missing += target.dependencies.compactMap(\.targetName) + (started[name] ?? [])
    }
    package.targets.removeAll { !kept.contains($0.name) }
    package.products.removeAll { !kept.contains($0.name) }
}

extension Target.Dependency {
    /// The target, if it is one of ours.
    var targetName: String? {
        switch self {
        case .targetItem(let name, _), .byNameItem(let name, _): name
        default: nil
        }
    }
}
