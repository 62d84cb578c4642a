import Glibc
import SystemPackage
import TestSounds
import Testing
import WorkerSandbox

/// A program that is as shut in as a worker is, and tries to get out; and the same without walls, where it can.
@Suite(.enabled(if: !Confinement.isSanitized))
struct BreakOutTests {
    /// How an attempt ended.
    enum Ending: Hashable {
        case out
        case refused(Errno)
        case killed
        case noSuchWall
        case other(Int32)
    }

    struct Attempt: CustomTestStringConvertible {
        var name: String
        /// With no wall: what an ordinary process may do, and what the file's permissions or root's rights decide.
        var isFree = true
        /// How the wall of system calls answers.
        var calls: Ending = .killed
        /// How the other walls answer where they stand alone; those that let it through are left out.
        var paths: Ending?
        var limits: Ending?

        var testDescription: String { name }
    }

    static let attempts = [
        Attempt(name: "read-path", calls: .refused(.permissionDenied), paths: .refused(.permissionDenied)),
        Attempt(name: "list-path", calls: .refused(.permissionDenied), paths: .refused(.permissionDenied)),
        Attempt(name: "make-file", calls: .refused(.permissionDenied), paths: .refused(.permissionDenied)),
        Attempt(name: "reopen-to-write", calls: .refused(.permissionDenied), paths: .refused(.permissionDenied)),
        Attempt(name: "look-at-path", calls: .refused(.notPermitted)),
        Attempt(name: "write-file", calls: .refused(.notPermitted), limits: .refused(.fileTooLarge)),
        Attempt(name: "write-handed-file", isFree: false, calls: .refused(.notPermitted)),
        Attempt(name: "change-mode", calls: .refused(.notPermitted)),
        Attempt(name: "make-socket"),
        Attempt(name: "connect-to-port", paths: .refused(.permissionDenied)),
        Attempt(name: "connect-to-process", paths: .refused(.notPermitted)),
        Attempt(name: "start-program", paths: .refused(.permissionDenied)),
        Attempt(name: "fork"),
        Attempt(name: "signal-parent", paths: .refused(.notPermitted)),
        Attempt(name: "trace"),
        Attempt(name: "mount", isFree: false),
        Attempt(name: "leave-namespace", isFree: false),
        Attempt(name: "take-memory", calls: .out, limits: .refused(.noMemory)),
        Attempt(name: "map-code", calls: .refused(.notPermitted)),
        Attempt(name: "run-written-memory", calls: .refused(.notPermitted)),
        Attempt(name: "lift-limit", calls: .refused(.notPermitted)),
        Attempt(name: "limit-parent", calls: .refused(.notPermitted)),
    ]

    @Test("Nothing leads out", arguments: attempts, ["all", "ffmpeg", "archive"])
    func nothingLeadsOut(attempt: Attempt, walls: String) throws {
        let ending = try ending(of: attempt.name, behind: walls)
        if ending == .noSuchWall { return }
        #expect(ending != .out && ending != .refused(.init(rawValue: 254)))
    }

    @Test("Each wall holds by itself", arguments: attempts)
    func holdsAlone(attempt: Attempt) throws {
        if attempt.isFree { #expect(try ending(of: attempt.name, behind: "no") == .out) }
        #expect([attempt.calls, .noSuchWall].contains(try ending(of: attempt.name, behind: "calls")))
        // An older Landlock knows no ports, or no signals.
        if let paths = attempt.paths {
            let known: [Ending] = attempt.calls == .killed ? [paths, .noSuchWall, .out] : [paths, .noSuchWall]
            #expect(known.contains(try ending(of: attempt.name, behind: "paths")))
        }
        if let limits = attempt.limits { #expect(try ending(of: attempt.name, behind: "limits") == limits) }
    }

    #if arch(x86_64)
        @Test func callsOfAnotherInterfaceEndTheProcess() throws {
            #expect([.killed, .noSuchWall].contains(try ending(of: "call-as-32-bits", behind: "calls")))
        }
    #endif

    /// Runs `break-out`, which is built beside the tests' bundle, with a file that is open for reading as descriptor 0.
    private func ending(of attempt: String, behind walls: String) throws -> Ending {
        let arguments = CommandLine.arguments
        let flag = arguments.firstIndex(of: "--test-bundle-path")
        let program = FilePath(flag.map { arguments[$0 + 1] } ?? arguments[0]).removingLastComponent()
            .appending("break-out")
        let file = try TemporaryFile([1, 2, 3])
        let reading = try FileDescriptor.open(FilePath("/proc/self/fd/\(file.descriptor.rawValue)"), .readOnly)
        return try reading.closeAfter {
            var actions = unsafe posix_spawn_file_actions_t()
            unsafe posix_spawn_file_actions_init(&actions)
            unsafe posix_spawn_file_actions_adddup2(&actions, reading.rawValue, 0)
            var (process, status) = (pid_t(0), Int32(0))
            var texts = unsafe [strdup("break-out"), strdup(walls), strdup(attempt), nil]
            let failure = unsafe program.withPlatformString {
                unsafe posix_spawn(&process, $0, &actions, nil, &texts, environ)
            }
            for place in unsafe texts.indices { unsafe free(texts[place]) }
            unsafe posix_spawn_file_actions_destroy(&actions)
            guard failure == 0 else { throw Errno(rawValue: failure) }
            while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
            switch (status & 0x7f, status >> 8 & 0xff) {
            case (0, 0): return .out
            case (0, 255): return .noSuchWall
            case (0, let error): return .refused(Errno(rawValue: error))
            case (SIGSYS, _): return .killed
            case (let signal, _): return .other(signal)
            }
        }
    }
}
