import CommandOutput
import Glibc
import TimbrePictures

extension TerminalColours {
    /// Those of standard output.
    package static var ofOutput: TerminalColours {
        TerminalColours(isTerminal: Output.isTerminal) { name in
            unsafe getenv(name).map { unsafe String(cString: $0) }
        }
    }
}
