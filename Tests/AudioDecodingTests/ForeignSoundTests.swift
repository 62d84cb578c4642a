#if FFMPEG
    import Glibc
    import SoundFeatures
    import TestSounds
    import Testing

    @testable import AudioDecoding

    /// Sounds that FFmpeg's libraries decode. The files were made by FFmpeg's own programs, of a tone of 440 Hz at 8000 Hz.
    @Suite(.enabled(if: ForeignDecoding.load()))
    struct ForeignSoundTests {
        struct File: CustomTestStringConvertible {
            var bytes: [UInt8]
            /// What its sound is called.
            var format: String
            var rate = 8000
            /// As many as `ffmpeg -i FILE out.wav` writes.
            var frames = 2400
            /// How deep its samples are; nil for those that an encoder came between.
            var depth: SampleFormat.Encoding?

            var testDescription: String { format }
        }

        static let files = [
            File(bytes: PackageResources.wavpack_wv, format: "WavPack", depth: .int16),
            File(bytes: PackageResources.flac_mka, format: "FLAC in Matroska", depth: .int16),
            File(bytes: PackageResources.alac_m4a, format: "ALAC in MP4", frames: 600, depth: .int24),
            File(bytes: PackageResources.aac_m4a, format: "AAC in MP4", frames: 3072),
            File(bytes: PackageResources.opus_webm, format: "Opus in WebM", rate: 48_000, frames: 14_400),
            File(bytes: PackageResources.wma_wma, format: "WMA in ASF", rate: 16_000, frames: 4608),
            File(bytes: PackageResources.speex_ogg, format: "Speex in Ogg"),
            File(bytes: phoneCall(frames: 15), format: "AMR"),
        ]

        private static func tone(_ hertz: Double, rate: Int, count: Int) -> [Double] {
            (0..<count).map { sin(2 * .pi * hertz * Double($0) / Double(rate)) }
        }

        private func part(_ bytes: [UInt8], from: Double = 0, to: Double = 100) throws -> (SampleFormat, [UInt8]) {
            let file = try TemporaryFile(bytes)
            var part = try SoundPart(file.descriptor, suffix: "", from: from, to: to)
            var (found, piece) = ([UInt8](), [UInt8]())
            while try part.read(into: &piece) { found += piece }
            return (part.format, found)
        }

        @Test("Is as long as FFmpeg makes it", arguments: files)
        func lengthAndNames(file: File) throws {
            let heard = try Heard(file.bytes)
            #expect(heard.info.frameCount == file.frames && heard.info.sampleRate == file.rate)
            #expect(heard.info.format == file.format && heard.info.channelCount == 1)
            #expect(!heard.info.isIncomplete && heard.info.note == nil)
        }

        @Test("Loses no bit of what is stored without loss", arguments: files.filter { $0.depth != nil })
        func samples(file: File) throws {
            let (format, bytes) = try part(file.bytes)
            #expect(format == SampleFormat(sampleRate: 8000, channelCount: 1, encoding: file.depth ?? .int16))
            let level = file.depth == .int24 ? 2_000_000.0 : 8000
            let expected = Self.tone(440, rate: 8000, count: file.frames).flatMap { sample in
                Int32((level * sample).rounded()).littleEndianBytes.prefix(format.encoding.size)
            }
            #expect(bytes == expected)
        }

        @Test(
            "Begins where the sound did before it was encoded",
            arguments: files.filter { ["AAC in MP4", "Opus in WebM"].contains($0.format) })
        func delay(file: File) throws {
            let (_, bytes) = try part(file.bytes)
            let samples = stride(from: 0, to: bytes.count, by: 4).map {
                Double(Float(bitPattern: UInt32(bytes[$0..<$0 + 4].reversed().bigEndianNumber)))
            }
            let count = 2400 * file.rate / 8000
            let tone = Self.tone(440, rate: file.rate, count: count)
            let product = zip(samples, tone).reduce(0) { $0 + $1.0 * $1.1 }
            let energy = samples.prefix(count).reduce(0) { $0 + $1 * $1 } * tone.reduce(0) { $0 + $1 * $1 }
            #expect(product / energy.squareRoot() > 0.9)
        }

        @Test("A part is what all of it has there", arguments: files)
        func parts(file: File) throws {
            let (format, all) = try part(file.bytes)
            let (from, to) = (format.frame(at: 0.02), format.frame(at: 0.05))
            #expect(
                try part(file.bytes, from: 0.02, to: 0.05).1
                    == Array(all[from * format.frameSize..<to * format.frameSize]))
        }

        @Test func hearsTheStreamThatIsMarkedAsTheDefault() throws {
            let (_, bytes) = try part(PackageResources.two_mka)
            let expected = Self.tone(880, rate: 8000, count: 1200).flatMap {
                Int16((8000 * $0).rounded()).littleEndianBytes
            }
            #expect(bytes == expected)
        }

        @Test("What lacks its end is incomplete", arguments: ["FLAC in Matroska", "AAC in MP4"])
        func cutShort(format: String) throws {
            let bytes = format == "AAC in MP4" ? PackageResources.aac_m4a : PackageResources.flac_mka
            let heard = try Heard(Array(bytes.prefix(bytes.count * 5 / 6)))
            #expect(heard.info.format == format && heard.info.frameCount < 2400)
            #expect(heard.info.isIncomplete && heard.info.note != nil)
        }

        @Test func aFileWhoseTableOfContentsIsMissingIsDamaged() throws {
            // It stands behind the sound.
            let bytes = PackageResources.behind_m4a
            let place = try #require(
                bytes.indices.dropLast(4).first { Array(bytes[$0..<$0 + 4]) == Array("moov".utf8) })
            let failure = try failure(of: Array(bytes.prefix(place - 4)))
            #expect(failure?.reason == .damaged && failure?.detail.contains("in MP4") == true)
        }

        @Test func noiseInPlaceOfPacketsIsDamaged() throws {
            var bytes = PackageResources.wavpack_wv
            for place in 40..<bytes.count { bytes[place] = UInt8(truncatingIfNeeded: place &* 197) }
            let reason = try failure(of: bytes)?.reason
            #expect(reason == .damaged || reason == .empty)
        }

        /// Decodes the beginning of a file, whatever it is.
        ///
        /// - Returns: Whether there is a sound, or a reason why not.
        private func hasSoundOrReason(_ bytes: [UInt8]) throws -> Bool {
            let file = try TemporaryFile(bytes)
            do throws(ExtractionFailure) {
                var chain = try SoundChain(file.descriptor, suffix: "")
                var samples = [Float](repeating: 0, count: 4096 * chain.sound.channelCount)
                var numbers = 0
                while chain.frameCount < 20_000, try chain.read(into: &samples, numbers: &numbers) > 0 {}
                return true
            } catch { return !error.detail.isEmpty }
        }

        @Test("Whatever becomes of a byte, there is a sound or a reason", arguments: files)
        func spoilt(file: File) throws {
            for place in file.bytes.indices where place < 400 || place % 7 == 0 {
                var bytes = file.bytes
                bytes[place] ^= [0xff, 0x80, 1][place % 3]
                #expect(try hasSoundOrReason(bytes))
            }
        }

        @Test("Whatever is missing behind a place, there is a sound or a reason", arguments: files)
        func truncated(file: File) throws {
            for count in stride(from: 1, to: file.bytes.count, by: 29) {
                #expect(try hasSoundOrReason(Array(file.bytes.prefix(count))))
            }
        }

        @Test(
            "What names other files is not followed",
            arguments: [
                "ffconcat version 1.0\nfile /etc/passwd\n", "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\n/etc/passwd\n",
                "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n", "<?xml version=\"1.0\"?><MPD></MPD>",
                "[playlist]\nFile1=/etc/passwd\n",
            ])
        func references(text: String) throws {
            for suffix in ["m4a", "mka", "wma", ""] {
                #expect(try failure(of: Array(text.utf8), suffix: suffix)?.reason == .unknownFormat)
            }
        }

        @Test func aDataReferenceToAnotherFileIsNotOpened() throws {
            // The flag that says "in this file" is taken away, and the reference made one to a path.
            var bytes = PackageResources.aac_m4a
            let place = try #require(
                bytes.indices.dropLast(16).first { Array(bytes[$0..<$0 + 4]) == Array("url ".utf8) })
            bytes[place + 7] = 0
            let heard = try Heard(bytes)
            #expect(heard.info.frameCount == 3072)
        }

        @Test func whatIsEncryptedIsRefusedByName() throws {
            var bytes = PackageResources.aac_m4a
            let place = try #require(
                bytes.indices.dropLast(4).first { Array(bytes[$0..<$0 + 4]) == Array("mp4a".utf8) })
            bytes.replaceSubrange(place..<place + 4, with: Array("enca".utf8))
            #expect(try failure(of: bytes) == .unsupported("encrypted sound in MP4"))
            var film = PackageResources.wma_wma
            let header: [UInt8] = [
                0xfb, 0xb3, 0x11, 0x22, 0x23, 0xbd, 0xd2, 0x11, 0xb4, 0xb7, 0, 0xa0, 0xc9, 0x55, 0xfc, 0x6e,
            ]
            film.insert(contentsOf: header + [24, 0, 0, 0, 0, 0, 0, 0], at: 30)
            #expect(try failure(of: film)?.detail.hasPrefix("unsupported: encrypted") == true)
        }

        @Test func aLongerSoundThanIsAllowedIsSkippedBeforeItIsDecoded() throws {
            #expect(try failure(of: PackageResources.flac_mka, longest: 0.1)?.reason == .outOfLimits)
        }
    }
#endif
