import Glibc
import SystemPackage

/// What the kernel tells of the machine's power supplies.
struct PowerSupply {
    /// A directory for each supply, with a file for each fact (`sysfs-class-power` of the kernel's documentation).
    var directory: FilePath = "/sys/class/power_supply"

    /// Whether the machine runs on a battery of its own: one is being discharged, and nothing that could charge it is
    /// plugged in. Where the kernel tells nothing, as on most desktops, it does not.
    func isOnBattery() -> Bool {
        var isDischarged = false
        for name in names() {
            let supply = directory.appending(bytes: name)
            switch fact("type", of: supply) {
            // The battery of a mouse or a headset is not the machine's.
            case "Battery" where fact("scope", of: supply) != "Device":
                isDischarged = isDischarged || fact("status", of: supply) == "Discharging"
            case "Mains", "USB":
                if fact("online", of: supply) != "0" { return false }
            default:
                break
            }
        }
        return isDischarged
    }

    private func names() -> [[UInt8]] {
        guard let stream = unsafe directory.withPlatformString({ unsafe opendir($0) }) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if name.first != UInt8(ascii: ".") { names.append(name) }
        }
        return names
    }

    /// What a file says, without the end of its line; nil if there is none, or it cannot be read just now.
    private func fact(_ name: String, of supply: FilePath) -> String? {
        do {
            let file = try FileDescriptor.open(supply.appending(name), .readOnly, options: [.closeOnExec])
            return try file.closeAfter {
                var bytes = [UInt8](repeating: 0, count: 64)
                let count = try unsafe bytes.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
                return String(decoding: bytes[..<count].prefix { $0 > 32 }, as: UTF8.self)
            }
        } catch {
            return nil
        }
    }
}
