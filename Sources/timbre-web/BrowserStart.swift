import Glibc
import Platform
import SystemPackage

/// Starts the person's browser on the page.
///
/// The arguments of a program can be read by every user of the machine. So the browser is given a file that only its owner can
/// read, and the file leads it to the page with a code that is good once. The file is removed after half a minute.
enum BrowserStart {
    /// - Parameters:
    ///   - address: Where the file leads: of characters that need no escape in HTML.
    /// - Returns: Whether there is a browser to be started.
    static func open(_ address: String) -> Bool {
        let page = """
            <!doctype html><meta charset="utf-8"><title>timbred</title>
            <meta http-equiv="refresh" content="0; url=\(address)"><a href="\(address)">The sounds of this machine</a>

            """
        guard let file = makeFile(Array(page.utf8)) else { return false }
        // The shell goes on alone: the browser, and the file's end, are nothing that is waited for here.
        let script = """
            command -v xdg-open >/dev/null || { rm -f -- "$1"; exit 1; }
            { trap 'rm -f -- "$1"' EXIT; trap exit HUP INT TERM; xdg-open "$1"; sleep 30; } >/dev/null 2>&1 &
            """
        return run(["/bin/sh", "-c", script, "sh", file]) == 0
    }

    /// Makes a file that only this user can read, where such files are kept until the session ends, else in TMPDIR or /tmp.
    private static func makeFile(_ bytes: [UInt8]) -> String? {
        for folder in [environment("XDG_RUNTIME_DIR"), environment("TMPDIR"), "/tmp"].compactMap(\.self) {
            var template = Array("\(folder)/timbre-web-XXXXXX.html".utf8CString)
            let number = unsafe mkstemps(&template, 5)
            guard number >= 0 else { continue }
            _ = fcntl(number, F_SETFD, FD_CLOEXEC)
            let file = OwnedDescriptor(owning: FileDescriptor(rawValue: number))
            do {
                _ = try file.descriptor.writeAll(bytes)
                return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
            } catch { unsafe unlink(template) }
        }
        return nil
    }

    private static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Runs a program to its end; returns its code, or -1 if it could not be run.
    private static func run(_ words: [String]) -> Int32 {
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe arguments.indices { unsafe free(arguments[index]) } }
        var process: pid_t = 0
        guard unsafe posix_spawn(&process, words[0], nil, nil, &arguments, environ) == 0 else { return -1 }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 { guard Errno.last == .interrupted else { return -1 } }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -1
    }
}
