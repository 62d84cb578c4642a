import Glibc
import SystemPackage

/// Why a program ends: a line for people, and a number for scripts, from sysexits.h.
package struct Complaint: Error, CustomStringConvertible {
    package var code: Int32
    package var description: String

    package init(_ code: Int32, _ text: String) {
        self.code = code
        description = text
    }

    /// Ends the program, by its name.
    package func end(_ program: String) -> Never {
        Self.print(description, by: program)
        exit(code)
    }

    /// Prints a line on standard error, escaped for a terminal.
    package static func print(_ text: String, by program: String) {
        // If standard error is closed, there is nothing to be done about it.
        do {
            _ = try FileDescriptor.standardError.writeAll(
                Array("\(program): \(text.escaped(for: .terminal))\n".utf8))
        } catch {}
    }
}
