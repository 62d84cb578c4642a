import ArchiveReading
import ArgumentParser
import AudioDecoding
import CLinux
import Glibc
import Platform
import SoundExtraction
import SystemPackage
import WorkerSandbox

/// The only program of the house that decodes audio.
@main
struct TimbreExtract: ParsableCommand {
    static func main() { main(CommandArguments.texts) }

    static let configuration = CommandConfiguration(
        commandName: "timbre-extract",
        abstract: "Print the timbre features of a sound, or write its samples.",
        usage: "timbre-extract <file> [--json | --wav]",
        version: Release.version)

    @Argument(
        help: "A sound in any format that libsndfile or FFmpeg decodes.", transform: { CommandArguments.path($0) })
    var file: FilePath?

    @Flag(help: "Print everything, as one JSON object.")
    var json = false

    @Flag(help: "Write the samples to standard output as a WAV file, whatever format they are in.")
    var wav = false

    @Flag(help: .private)
    var worker = false

    @Flag(help: .private)
    var ffmpeg = false

    func validate() throws {
        guard worker != (file != nil), !(worker && (json || wav)), !ffmpeg || worker else {
            throw ValidationError("Name one file.")
        }
        guard !(json && wav) else { throw ValidationError("--wav excludes --json.") }
    }

    func run() throws {
        if worker {
            clinux_close_from(STDERR_FILENO + 1)
            // The reader of standard error may have ended.
            signal(SIGPIPE, SIG_IGN)
        }
        ErrorOutput.keepToOurselves()
        // Before the walls are up. Workers do it where it is needed; a person has one file, of which nothing is known.
        if ffmpeg || !worker { ForeignDecoding.load() }
        if worker {
            ArchiveReader.prepare()
            // Made before: libraries read files when they start.
            let worker = Worker(socket: .standardInput)
            Confinement.enterAsWorker(socket: .standardInput)
            throw ExitCode(worker.serve())
        }
        guard let file else { return }
        if wav, isatty(STDOUT_FILENO) == 1 {
            ErrorOutput.print("a terminal cannot show samples: redirect the output, as in >sound.wav")
            throw ExitCode(EX_USAGE)
        }
        do {
            let opened = try OpenFile(file)
            var extractor = Extractor()
            Confinement.enterToReport()
            if wav {
                try WaveOutput.write(opened)
            } else if json {
                try JSONReport.print(opened, &extractor)
            } else {
                try TableReport.print(opened, &extractor)
            }
        } catch let failure as ReportedFailure {
            ErrorOutput.print("\(file): \(failure.why)")
            throw ExitCode(failure.exitCode)
        } catch {
            // Standard output does not take it, or the file went bad between two readings.
            ErrorOutput.print("\(file): \(error)")
            throw ExitCode(70)
        }
    }
}
