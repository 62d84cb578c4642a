extension InterfaceDescription {
    /// The text of `Config/org.timbred.Library.varlink`; a test holds the two equal.
    static let library = #"""
        # A library of sounds that can be searched by how they sound.
        #
        # timbred watches folders, hears what is new in them and answers which recordings sound alike.
        #
        # Paths: a path goes as `path`, for showing, and, only if the name is not UTF-8, as `path_bytes` too, in
        # base64. In `path` a byte that is not part of a UTF-8 sequence then reads \xNN. In a call, `path_bytes`
        # counts where it is present. Other members that are paths have such a companion likewise: `directory_bytes`,
        # `under_bytes`. Times are seconds since 1970, durations and positions seconds, sizes bytes; codes are 16
        # bytes in base64. A member marked with ? may be left out; a switch (?bool) that is left out is off.
        #
        # The service's own user and root may call everything, members of its group what changes nothing.
        interface org.timbred.Library

        # Where a file of the watched folders stands. pending: seen, and waiting to be read. failed: could not be
        # read. skipped: left out on purpose. offline: in a folder that is not there now.
        type FileState (indexed, pending, failed, skipped, offline)

        type Path (path: string, path_bytes: ?string)

        # A part of a sound.
        type TimeSpan (start: float, end: float)

        # A file of the watched folders. What is not known yet is absent. `content` and `model` are "sha256:…". `id` is the
        # age in the library: the greater, the later the file came. `note` says what the file's own headers say wrongly, or what of it
        # cannot be heard.
        type FileItem (
          path: string,
          path_bytes: ?string,
          id: ?int,
          size: ?int,
          duration: ?float,
          sample_rate: ?int,
          channels: ?int,
          format: ?string,
          note: ?string,
          state: FileState,
          error: ?string,
          content: ?string,
          spans: ?int,
          model: ?string
        )

        # Which files may be in an answer: those that meet every condition given. `glob` is a shell pattern for the
        # name or, with a slash in it, for the whole path; `since` is about the time at which a file came into the
        # library.
        type FileFilter (
          under: ?string,
          under_bytes: ?string,
          glob: ?string,
          glob_bytes: ?string,
          min_duration: ?float,
          max_duration: ?float,
          channels: ?int,
          since: ?float
        )

        # What a file that is not in the library sounds like, as timbre-extract tells it: 30 bytes a frame of cepstra,
        # 104 of Bark bands, both in base64. `sample_count` is at 22 050 Hz. `trimmed_bands` are the bands of the sound from
        # where the silence in front of it ends: where frames begin makes a small difference, and the nearer reading counts.
        type QueryFeatures (
          sample_count: int,
          duration: float,
          cepstra: string,
          bands: ?string,
          trimmed_bands: ?string
        )

        # A sound to search by. Exactly one of: a file of the library (path), a code, features (path is then for
        # showing).
        type QuerySound (path: ?string, path_bytes: ?string, code: ?string, features: ?QueryFeatures)

        type QueryEcho (path: ?string, path_bytes: ?string, in_library: bool, duration: ?float)

        # hamming, start and end are those of the best span. With the metric "timbre" score is the probability that a
        # person would call the two the same kind of sound; with "codes", and under models without a network, the share of random
        # pairs that are farther apart.
        type SimilarResult (
          rank: int,
          path: string,
          path_bytes: ?string,
          distance: float,
          score: float,
          hamming: int,
          start: float,
          end: float,
          duration: float
        )

        # The files that sound most like the queries, nearest first, in a total order. `count` is 1 to 10 000, or 10
        # if absent. `metric` says how distance is measured: "timbre" is the distance of the timbre vectors, "codes" the
        # Hamming distance of the timbre codes; if it is absent, "timbre" wherever model and queries allow it. `near` is
        # false when even the best result is probably another kind of sound: never beside a score of a half or more.
        # With `sync` all that was on disk before the call is searched. There may be 10 000 `queries`, and as many to be
        # away from.
        method Similar(
          queries: []QuerySound,
          not: ?[]QuerySound,
          at: ?TimeSpan,
          count: ?int,
          metric: ?string,
          segments: ?bool,
          filter: ?FileFilter,
          max_distance: ?float,
          include_self: ?bool,
          offline: ?bool,
          sync: ?bool
        ) -> (
          query: []QueryEcho,
          metric: string,
          model: string,
          complete: bool,
          near: bool,
          results: []SimilarResult
        )

        # One of two sounds that were compared. `frames` counts those in which something is heard.
        type ExplainedSound (
          path: ?string,
          path_bytes: ?string,
          in_library: bool,
          duration: float,
          frames: int
        )

        # How near two sounds are by their codes: `distance` is what Similar says of b if it is asked for a. `hamming`
        # and `shared_bits` are those of the two spans that are nearest to each other, `a` and `b` where these are.
        # `score` is the share of random pairs that are farther apart.
        type CodeNearness (distance: float, score: ?float, hamming: int, shared_bits: int, a: TimeSpan, b: TimeSpan)

        # What descriptors of one kind have to do with a distance: their share of its square, and by how many standard
        # deviations they differ (the root of the mean square; 1.41 is usual between random sounds). The shares add up
        # to 1; one lies below 0 if the two would be farther apart without this difference. `words` say in which direction b
        # differs from a, such as "brighter (2.1 kHz, not 870 Hz)".
        type DescriptorShare (name: string, share: float, difference: float, words: ?string)

        type TimbreNearness (distance: float, score: ?float, groups: []DescriptorShare)

        type CodePlace (frames: int, start: float)

        type CodeExample (path: string, path_bytes: ?string, start: float, end: float)

        # A code that is heard in two sounds: how many files of the library have it, and what share of them; where it is
        # heard first in each; and a place elsewhere in the library where it is heard for long.
        type SharedCode (code: int, files: int, share: float, a: CodePlace, b: CodePlace, example: ?CodeExample)

        type CodeCount (code: int, frames: int)

        # Why two sounds are near to each other, or far apart. The sounds are files or features; a code alone is none.
        # `timbre` is absent if the model makes no timbre vectors, or if a sound has none; `obstacle` then says which.
        # `groups` and `shared` have the greatest share and the rarest code first, `only_a` and `only_b` the most frequent.
        method Explain(a: QuerySound, b: QuerySound) -> (
          a: ExplainedSound,
          b: ExplainedSound,
          model: string,
          codes: CodeNearness,
          timbre: ?TimbreNearness,
          obstacle: ?string,
          shared: []SharedCode,
          only_a: []CodeCount,
          only_b: []CodeCount
        )

        # Files drawn at random; the same seed draws the same files from the same library.
        method Random(count: ?int, filter: ?FileFilter, seed: ?int) -> (files: []FileItem)

        # The files of a folder, or of all watched ones, in the order of their bytes; with `all` also names that were
        # left out. Needs `more`; each reply has some of the files.
        method List(directory: ?string, directory_bytes: ?string, all: ?bool) -> (files: []FileItem)

        type SpanCode (start: float, end: float, code: string)

        type ModelCodes (model: string, spans: []SpanCode)

        # All that is known of one file. `codes` has the newest model first; `copies` are the other files with the
        # same bytes.
        method Info(path: string, path_bytes: ?string) -> (
          path: string,
          path_bytes: ?string,
          size: ?int,
          duration: ?float,
          sample_rate: ?int,
          channels: ?int,
          format: ?string,
          note: ?string,
          state: FileState,
          error: ?string,
          content: ?string,
          spans: ?int,
          model: ?string,
          added: ?float,
          modified: ?float,
          codes: []ModelCodes,
          copies: []Path,
          attempts: int
        )

        # A file that could not be read, or was left out for what is in it. `reason` is for programs, `error` for
        # people.
        type FailedFile (
          path: string,
          path_bytes: ?string,
          state: FileState,
          reason: (unreadable, unknown_format, unsupported, damaged, empty, out_of_limits, crashed),
          error: string,
          attempts: int,
          time: float
        )

        # The files that could not be read. Needs `more`; each reply has some of them.
        method Errors() -> (files: []FailedFile)

        # Tries files again that could not be read; all of them if `files` is absent.
        method Retry(files: ?[]Path) -> (queued: int)

        type DaemonState (starting, indexing, idle, paused)

        type FileCounts (indexed: int, pending: int, failed: int, skipped: int, offline: int)

        type Progress (done: int, total: int, seconds_left: ?float)

        # A generation of codes. `contents` counts the sounds that it has coded.
        type Model (
          id: int,
          hash: string,
          active: bool,
          created: float,
          origin: (default, retrain, import),
          centroids: int,
          seed: ?int,
          frames: ?int,
          contents: int
        )

        # A watched folder. inotify: the kernel tells of changes; polling: looked at from time to time; offline: not
        # there. `reason` says why it is polled or offline, and what to do about it.
        type Folder (
          path: string,
          path_bytes: ?string,
          mode: (inotify, polling, offline),
          reason: ?string,
          files: int,
          origin: (config, runtime),
          vanished: ?int
        )

        type WatchCounts (used: int, allowed: int)

        type DatabaseFile (path: string, path_bytes: ?string, size: int)

        # How well the model fits: the mean squared distance of frames to their centroids, in what it was trained on
        # and in the newest files, and whether a retrain would pay.
        type Drift (training: ?float, newest: float, files: int, retrain_advised: bool)

        # How the daemon is. `contents` counts different sounds, `queue` files that wait to be read, `overflows` how
        # often the kernel lost events since the start; `last_errors` has at most 10, newest first. `left_out` counts
        # files, links and directories that are left out for their names or as links, as of the last look.
        method Status() -> (
          version: string,
          pid: int,
          state: DaemonState,
          uptime: float,
          files: FileCounts,
          spans: int,
          contents: int,
          queue: int,
          progress: ?Progress,
          model: ?Model,
          folders: []Folder,
          watches: WatchCounts,
          overflows: int,
          last_errors: []FailedFile,
          database: DatabaseFile,
          trouble: ?string,
          decoded: int,
          recognized: int,
          workers: []int,
          drift: ?Drift,
          left_out: ?int
        )

        # Watches a folder from now on, across restarts.
        method AddFolder(path: string, path_bytes: ?string) -> (
          path: string,
          path_bytes: ?string,
          mode: (inotify, polling, offline),
          reason: ?string,
          files: int,
          origin: (config, runtime)
        )

        # Stops watching a folder that was added by AddFolder; what was learnt of its files is kept.
        method RemoveFolder(path: string, path_bytes: ?string) -> (
          path: string,
          path_bytes: ?string,
          mode: (inotify, polling, offline),
          reason: ?string,
          files: int,
          origin: (config, runtime)
        )

        # The watched folders.
        method ListFolders() -> (folders: []Folder)

        # Compares the library with the disk. With `wait`, replies when all that was found is searchable, and says how
        # many files there were, were new or had changed, and were no longer there.
        method Scan(directory: ?string, directory_bytes: ?string, wait: ?bool) -> (
          finished: bool,
          files: ?int,
          changed: ?int,
          gone: ?int
        )

        # Replies when all that was on disk before the call is searchable.
        method Sync() -> (seconds: float)

        # Stops reading new files, across restarts; queries go on.
        method Pause() -> (state: DaemonState)

        # Reads new files again.
        method Resume() -> (state: DaemonState)

        # Reads the configuration again; replies when it is in force. `changed` has the keys with other values than
        # before, `need_restart` those among them that wait for a restart.
        method Reload() -> (changed: []string, need_restart: []string)

        # How well answers agree with labels, or find a sound by its variants, before and after: on the same
        # sounds, with the interval that holds 95 % of the differences. `measure` is "folders", "codes" (folders,
        # searched by codes) or "variants".
        type RetrievalChange (
          measure: string,
          queries: int,
          old: float,
          new: float,
          low: float,
          high: float
        )

        # What a new model changes. `transform` says whether the last projection of the timbre vectors was learnt here from
        # folders ("learnt"), is that of the old model ("kept") or comes with timbred ("shipped"); if learning one was tried,
        # `retrieval` by "folders" is of that one. `refused` is why the model was not put to use. The errors are mean squared distances of the
        # library's frames to their centroids, `used` counts the centroids that are heard, `lists` the sounds whose ten
        # nearest were compared.
        type RetrainOutcome (
          old_model: string,
          new_model: string,
          generation: ?int,
          seed: int,
          contents: int,
          frames: int,
          old_error: float,
          new_error: float,
          old_used: int,
          new_used: int,
          lists_compared: int,
          lists_changed: int,
          seconds: float,
          transform: ?string,
          retrieval: []RetrievalChange,
          refused: ?string
        )

        # Trains a new model from the stored features, codes the library anew and puts the model to use. With `more`,
        # tells of its progress; with `wait`, replies when done; with `dry_run`, compares and keeps nothing. `labels` is
        # absent, or "folder" where the names of the folders say what sounds alike. A model that finds worse is put to
        # use with `force` only.
        method Retrain(dry_run: ?bool, seed: ?int, wait: ?bool, labels: ?string, force: ?bool) -> (
          state: (started, running, done),
          stage: ?string,
          progress: ?Progress,
          outcome: ?RetrainOutcome
        )

        # The models of this library, newest first.
        method ListModels() -> (models: []Model)

        # One model: a generation, such as "2", or the beginning of a hash, at least 8 digits; the one in use if
        # absent. `use` says in how many spans each centroid is heard.
        method ShowModel(model: ?string) -> (model: Model, use: []int, quantisation_error: ?float)

        # Puts a model of this library to use.
        method UseModel(model: string) -> (
          id: int,
          hash: string,
          active: bool,
          created: float,
          origin: (default, retrain, import),
          centroids: int,
          seed: ?int,
          frames: ?int,
          contents: int
        )

        # Gives out a model as the text of a model file, which is JSON.
        method ExportModel(model: ?string) -> (model: Model, document: string)

        # Takes in a model file, without putting the model to use.
        method ImportModel(document: string) -> (
          id: int,
          hash: string,
          active: bool,
          created: float,
          origin: (default, retrain, import),
          centroids: int,
          seed: ?int,
          frames: ?int,
          contents: int
        )

        # What a file can have in common with a query, beside the label.
        type SharedTrait (folder, group, pitch)

        # A file, and what somebody says that it is. Groups and pitches may be written in any way: they are the same if their
        # texts are.
        type FileLabel (path: string, path_bytes: ?string, label: string, group: ?string, pitch: ?string)

        # A mean, and the interval in which 95 % of the means lie that other queries would give.
        type EvaluationFigure (value: float, low: float, high: float)

        # From 0 to 1: precision at 1, 5 and 10, mean average precision, mean reciprocal rank, and normalised discounted
        # cumulative gain at 10.
        type EvaluationFigures (
          p1: EvaluationFigure,
          p5: EvaluationFigure,
          p10: EvaluationFigure,
          map: EvaluationFigure,
          mrr: EvaluationFigure,
          ndcg10: EvaluationFigure
        )

        type LabelFigures (
          label: string,
          queries: int,
          p1: float,
          p5: float,
          p10: float,
          map: float,
          mrr: float,
          ndcg10: float
        )

        # How well answers agree with labels. `metrics` are means over the queries of a label, then over the labels; `files`
        # could be found; `skipped` queries have a label that no file has which could be found; `silent` ones have nothing to
        # search by, and score 0; `unknown` labelled files cannot be found, `unknown_examples` has the first of them, at most
        # 10. `chance` is the precision of a random order, `best_p5` and `best_p10` are those of a perfect one. `per_label` has
        # the worst first.
        type EvaluationOutcome (
          metric: string,
          model: string,
          queries: int,
          labels: int,
          files: int,
          skipped: int,
          silent: int,
          unknown: int,
          unknown_examples: []Path,
          metrics: EvaluationFigures,
          chance: float,
          best_p5: float,
          best_p10: float,
          per_label: []LabelFigures,
          seconds: float
        )

        # Searches by files that have labels, and tells how many of the files with the same label are found, and where. Without
        # `labels`, a file's label is the name of its folder, and its group the folder. `exclude_same` leaves those files out of
        # the answer to a query that have this in common with it. At most `queries` files of a label are searched by, drawn by
        # `seed`; all if absent. With `more`, tells of its progress.
        method Evaluate(
          metric: ?string,
          labels: ?[]FileLabel,
          exclude_same: ?[]SharedTrait,
          under: ?string,
          under_bytes: ?string,
          queries: ?int,
          seed: ?int
        ) -> (progress: ?Progress, outcome: ?EvaluationOutcome)

        # Files of which one would do: `exact` if their bytes are the same, `near` if the sound is.
        type DuplicateKind (exact, near)

        # `difference` is how far the file differs from the group's first, in decibels, when both are as loud, and `level` by how
        # many decibels it is louder; both are absent if the bytes are the same.
        type DuplicateFile (
          path: string,
          path_bytes: ?string,
          size: int,
          duration: ?float,
          format: ?string,
          content: string,
          difference: ?float,
          level: ?float
        )

        # `wasted` are the bytes that all files but the largest take; hard links count once. Near files were each compared with the
        # first.
        type DuplicateGroup (kind: DuplicateKind, wasted: int, files: []DuplicateFile)

        # Finds the files that are duplicates of each other, below the folder `under` if there is one: those of the same bytes, and
        # with `near` also those that hold the same sound at another level, in another format or with other silence around it.
        # Needs `more`. Groups come in no order, and news of the progress between them.
        method Duplicates(near: ?bool, under: ?string, under_bytes: ?string) -> (
          progress: ?Progress,
          groups: []DuplicateGroup
        )

        # A search that the live index answered otherwise than the database: the first place that differs.
        type VerifyDifference (path: string, path_bytes: ?string, rank: int, expected: ?Path, found: ?Path)

        # Compares the live index with plain answers from the database, for `queries` files drawn at random (100 if
        # absent).
        method Verify(queries: ?int, seed: ?int) -> (queries: int, differences: []VerifyDifference, seconds: float)

        # Forgets what was kept of deleted files, or of an offline folder; with `dry_run` only tells what that would
        # be.
        method Prune(dry_run: ?bool, offline: ?Path) -> (
          pruned: bool,
          files: int,
          contents: int,
          bytes: int,
          examples: []Path
        )

        # The file is not searchable; `state` is absent if the library does not know it at all.
        error NotIndexed (path: string, path_bytes: ?string, state: ?FileState, reason: string)

        # Not a sound, or none that can be decoded.
        error NotAudio (path: string, path_bytes: ?string, reason: string)

        # Neither a watched folder, nor in one.
        error NotWatched (path: string, path_bytes: ?string)

        # Not a folder that can be watched.
        error NotAFolder (path: string, path_bytes: ?string, reason: string)

        # A folder that the configuration file names can only be removed there.
        error InConfiguration (path: string, path_bytes: ?string)

        # Something is going on that does not allow this now.
        error Busy (reason: string)

        error NoSuchModel (model: string)

        error InvalidModel (reason: string)

        # There is nothing to search by: what was asked for is silent or too short.
        error EmptyQuery (reason: string)

        # The model or the queries do not allow the metric that was asked for.
        error MetricUnavailable (reason: string)

        # There are too few labels, or none that two files have.
        error NothingToEvaluate (reason: string)

        # The configuration cannot be read; the old one is still in force.
        error InvalidConfiguration (reason: string)

        # The disk is full.
        error StorageFull (reason: string)

        # The daemon is stopping.
        error Stopping ()

        error Internal (reason: string)

        """#
}
