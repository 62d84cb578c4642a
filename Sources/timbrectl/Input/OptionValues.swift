import ArgumentParser
import CommandOutput
import TimbreWire

extension Double {
    /// Reads the value of an option.
    static func argument(_ text: String) throws -> Double {
        guard let number = Double(plain: text) else { throw ValidationError("'\(text)' is not a number.") }
        return number
    }
}

extension SoundTime {
    /// Reads the value of an option.
    static func argument(_ text: String) throws -> SoundTime {
        guard let time = SoundTime(text) else {
            throw ValidationError("'\(text)' is not a time, such as 12.3, 1:02.5 or 1:34:07.2.")
        }
        return time
    }
}

extension TimeSpan {
    /// Reads the value of an option.
    static func argument(_ text: String) throws -> TimeSpan {
        guard let span = TimeSpan(argument: text) else {
            throw ValidationError("'\(text)' is not a part of a sound, such as 1.2-2.0 or 1:02-1:05.5.")
        }
        return span
    }
}
