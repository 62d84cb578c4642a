import ArgumentParser
import TimbreWire
import Varlink

/// Tells how the daemon is.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tell how the daemon is; exit code 3 if none runs.")

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        do {
            let reply = try connection.call(Status.self, Nothing(), what: "status")
            try output.show(RunningStatus(reply: reply)) { StatusOutput(reply: reply).text }
        } catch let failure as Failure where failure.code == .noDaemon {
            if output.json { try Output.write(JSON.encode(["running": false]) + [UInt8(ascii: "\n")]) }
            throw Failure(.notRunning, output.json ? nil : failure.line)
        }
    }
}

/// The daemon's answer, and that there was one.
private struct RunningStatus: Encodable {
    var reply: Status.Reply

    private enum CodingKeys: String, CodingKey { case running }

    func encode(to encoder: any Encoder) throws {
        try reply.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(true, forKey: .running)
    }
}
