import ArchiveReading
import AudioDecoding
import CBreakOut
import Glibc
import SystemPackage
import WorkerSandbox

/// Goes behind the walls that keep a decoder in, and then tries one way out: `break-out WALLS ATTEMPT`.
///
/// The code to exit with is 0 if that worked, the error if it was refused, 254 if there is no such attempt, and 255 if
/// the kernel lacks a wall that was asked for. Behind `ffmpeg` are all walls, and FFmpeg's libraries; behind `archive` all walls, and libarchive at work. Descriptor 0 must be a file that is open for reading alone.
@main
enum BreakOut {
    private static let walls: [String: Confinement.Walls] = [
        "no": [], "limits": .limits, "paths": .paths, "calls": .calls, "all": .all, "ffmpeg": .all, "archive": .all,
    ]

    static func main() {
        guard CommandLine.arguments.count == 3, let wanted = walls[CommandLine.arguments[1]] else { exit(64) }
        let attempt = CommandLine.arguments[2]
        if CommandLine.arguments[1] == "ffmpeg" { ForeignDecoding.load() }
        ArchiveReader.prepare()
        let prepared = unsafe breakout_prepare(attempt)
        if !wanted.isEmpty {
            let confinement = Confinement(walls: wanted, outputs: [STDOUT_FILENO], mayWriteFiles: false)
            guard confinement.enter() == wanted else { exit(255) }
        }
        if CommandLine.arguments[1] == "archive" {
            // The file is none, which libarchive has to read to find out.
            do throws(ArchiveFailure) { _ = try ArchiveReader(.standardInput) } catch {}
        }
        exit(unsafe breakout_make(attempt, prepared))
    }
}
