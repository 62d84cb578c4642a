import Glibc
import Platform
import SystemPackage
import TimbreWire
import Varlink

/// Standard output and standard error.
package enum Output {
    /// Whether a person reads standard output.
    package static let isTerminal = isatty(1) == 1

    /// The terminal's width in columns; nil if standard output is not one.
    package static var width: Int? {
        guard isTerminal else { return nil }
        var size = winsize()
        guard unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Whether colours are wanted: on a terminal that has them, unless NO_COLOR says otherwise (no-color.org).
    package static let hasColours: Bool = {
        let isUnwanted = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
        let isDumb = unsafe getenv("TERM").map { unsafe String(cString: $0) == "dumb" } ?? true
        return isTerminal && !isUnwanted && !isDumb
    }()

    /// The width in columns of the terminal that standard error is; nil if it is not one.
    package static var errorWidth: Int? {
        guard isatty(2) == 1 else { return nil }
        var size = winsize()
        guard unsafe ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Prints a path on a line of its own: as it is for programs, and for a terminal without what could do anything to it.
    package static func write(path: WirePath) throws {
        try write((isTerminal ? Array(Shown.path(path).utf8) : path.bytes) + [UInt8(ascii: "\n")])
    }

    /// Writes bytes to standard output.
    package static func write(_ bytes: [UInt8]) throws {
        do { _ = try FileDescriptor.standardOutput.writeAll(bytes) } catch Errno.brokenPipe { throw endUnread() }
    }

    /// Ends the program because a reader, `head` for instance, has read enough: the shell expects to be told by the signal.
    ///
    /// - Returns: What to throw where the signal is blocked.
    package static func endUnread() -> Failure {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
        return Failure(.noMatch)
    }

    /// Whether standard output is a pipe that nobody reads any more.
    package static var isUnread: Bool {
        var look = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return unsafe poll(&look, 1, 0) == 1 && look.revents & Int16(POLLERR) != 0
    }

    /// Prints an answer as JSON, or as a text for people.
    package static func show(_ answer: some Encodable, asJSON isJSON: Bool, text: () -> String) throws {
        try write(isJSON ? JSON.encode(answer) + [UInt8(ascii: "\n")] : Array(text().utf8))
    }

    package static func line(_ text: String) throws { try write(Array((text + "\n").utf8)) }

    /// Writes a line to standard error. If that is closed, there is nothing to be done about it.
    package static func error(_ text: String) { errorText(text + "\n") }

    /// Writes a text to standard error as it is.
    package static func errorText(_ text: String) {
        do { _ = try FileDescriptor.standardError.writeAll(text.utf8) } catch {}
    }
}
