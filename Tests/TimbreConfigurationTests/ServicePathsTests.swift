import SystemPackage
import Testing

@testable import TimbreConfiguration

struct ServicePathsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var flags = ServicePaths.Flags()
        var variables: [String: FilePath] = [:]
        var user: UInt32 = 1000
        var scope: ServicePaths.Scope
        var configuration: FilePath
        var named = false
        var state: FilePath
        var socket: FilePath
    }

    static let session: [String: FilePath] = ["XDG_RUNTIME_DIR": "/run/user/1000"]
    static let unit: [String: FilePath] = [
        "STATE_DIRECTORY": "/var/lib/timbred", "RUNTIME_DIRECTORY": "/run/timbred",
        "CONFIGURATION_DIRECTORY": "/etc/timbred",
    ]

    static let cases = [
        Case(
            testDescription: "a user in her session", variables: session, scope: .user,
            configuration: "/home/alice/.config/timbred/timbred.toml", state: "/home/alice/.local/state/timbred",
            socket: "/run/user/1000/timbred/timbred.sock"),
        Case(
            testDescription: "a user without a session", scope: .user,
            configuration: "/home/alice/.config/timbred/timbred.toml", state: "/home/alice/.local/state/timbred",
            socket: "/run/user/1000/timbred/timbred.sock"),
        Case(
            testDescription: "a user with folders of her own",
            variables: [
                "XDG_RUNTIME_DIR": "/r", "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s",
            ], scope: .user, configuration: "/c/timbred/timbred.toml", state: "/s/timbred",
            socket: "/r/timbred/timbred.sock"),
        Case(
            testDescription: "relative XDG folders are ignored",
            variables: ["XDG_CONFIG_HOME": "c", "XDG_STATE_HOME": "s"], scope: .user,
            configuration: "/home/alice/.config/timbred/timbred.toml", state: "/home/alice/.local/state/timbred",
            socket: "/run/user/1000/timbred/timbred.sock"),
        Case(
            testDescription: "root", user: 0, scope: .system, configuration: "/etc/timbred/timbred.toml",
            state: "/var/lib/timbred", socket: "/run/timbred/timbred.sock"),
        Case(
            testDescription: "the system unit", variables: unit, user: 998, scope: .system,
            configuration: "/etc/timbred/timbred.toml", state: "/var/lib/timbred", socket: "/run/timbred/timbred.sock"),
        Case(
            testDescription: "the system unit that runs as a person", variables: unit, user: 1000, scope: .system,
            configuration: "/etc/timbred/timbred.toml", state: "/var/lib/timbred", socket: "/run/timbred/timbred.sock"),
        Case(
            testDescription: "the user unit",
            variables: session.merging(["RUNTIME_DIRECTORY": "/run/user/1000/timbred"]) { $1 }, scope: .user,
            configuration: "/home/alice/.config/timbred/timbred.toml", state: "/home/alice/.local/state/timbred",
            socket: "/run/user/1000/timbred/timbred.sock"),
        Case(
            testDescription: "several directories in one variable: the first",
            variables: unit.merging(["STATE_DIRECTORY": "/var/lib/one:/var/lib/two"]) { $1 }, user: 998,
            scope: .system, configuration: "/etc/timbred/timbred.toml", state: "/var/lib/one",
            socket: "/run/timbred/timbred.sock"),
        Case(
            testDescription: "variables of our own win over systemd's",
            variables: unit.merging([
                "TIMBRED_CONFIG": "/x/c.toml", "TIMBRED_STATE_DIR": "/x/state", "TIMBRED_SOCKET": "/x/s.sock",
            ]) { $1 }, scope: .system, configuration: "/x/c.toml", named: true, state: "/x/state",
            socket: "/x/s.sock"),
        Case(
            testDescription: "flags win over all, and may be relative",
            flags: .init(configuration: "c.toml", stateDirectory: "./state", socket: "../s.sock"),
            variables: unit.merging(["TIMBRED_CONFIG": "/x/c.toml", "TIMBRED_STATE_DIR": "/x/state"]) { $1 },
            scope: .system, configuration: "/work/here/c.toml", named: true, state: "/work/here/state",
            socket: "/work/s.sock"),
    ]

    @Test("Paths are those of the table", arguments: cases)
    func decides(_ expected: Case) throws {
        let paths = try ServicePaths(
            flags: expected.flags, variables: expected.variables, user: expected.user, home: "/home/alice",
            workingDirectory: "/work/here")
        #expect(paths.scope == expected.scope)
        #expect(paths.configuration == expected.configuration)
        #expect(paths.configurationIsNamed == expected.named)
        #expect(paths.stateDirectory == expected.state)
        #expect(paths.socket == expected.socket)
    }

    @Test func withoutAHomeTheVariableThatHelpsIsNamed() throws {
        #expect(throws: ServicePathsError.noHome(variable: "XDG_CONFIG_HOME")) {
            try ServicePaths(variables: [:], user: 1000, home: nil)
        }
        let flags = ServicePaths.Flags(configuration: "/c.toml", stateDirectory: "/s", socket: "/k.sock")
        let paths = try ServicePaths(flags: flags, variables: [:], user: 1000, home: nil)
        #expect(paths.stateDirectory == "/s")
    }

    @Test func withoutAWorkingDirectoryAbsolutePathsDo() throws {
        let flags = ServicePaths.Flags(configuration: "/c.toml", stateDirectory: "/s", socket: "/k.sock")
        let paths = try ServicePaths(flags: flags, variables: [:], user: 1000, home: nil, workingDirectory: nil)
        #expect(paths.socket == "/k.sock")
        #expect(throws: ServicePathsError.noWorkingDirectory("s")) {
            try ServicePaths(
                variables: ["TIMBRED_STATE_DIR": "s"], user: 1000, home: "/home/alice", workingDirectory: nil)
        }
    }

    @Test func bytesThatAreNoTextAreKept() throws {
        let odd = FilePath(platformString: [0x2F, -1, 0x61, 0])
        let paths = try ServicePaths(variables: ["STATE_DIRECTORY": odd], user: 0, home: nil)
        #expect(paths.stateDirectory == odd)
    }
}
