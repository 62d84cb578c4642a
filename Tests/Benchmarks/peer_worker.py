#!/usr/bin/env python3
"""peer_worker.py LIBRARY: does the work of timbred by another library, in one process, for as long as it is asked.

Says first what it is, or that the library is not there. Then it takes a line of JSON, a task, and answers with one: the
processor time that the task took, in all threads. What is loaded or made before does not count."""

import json
import sys
import time

HOW_TO_INSTALL = {"librosa": "librosa", "essentia": "essentia", "faiss": "faiss-cpu", "usearch": "usearch"}


def librosa_features():
    import librosa

    def features(path):
        samples, rate = librosa.load(path)
        return librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=13, n_fft=1024, hop_length=512)
    return librosa.__version__, lambda task: [features(path) for path in task["files"]]


def essentia_features():
    import os

    import essentia
    from essentia import standard, streaming

    essentia.log.infoActive = essentia.log.warningActive = False
    window, spectrum = standard.Windowing(type="hann"), standard.Spectrum(size=1024)
    cepstrum = standard.BFCC(inputSize=513, sampleRate=22050, numberCoefficients=13)

    def one_after_the_other(path):
        samples = standard.MonoLoader(filename=path, sampleRate=22050)()
        return [cepstrum(spectrum(window(frame)))[1]
                for frame in standard.FrameGenerator(samples, frameSize=1024, hopSize=512)]

    def streamed(path):
        loader, frames = streaming.MonoLoader(filename=path, sampleRate=22050), streaming.FrameCutter(
            frameSize=1024, hopSize=512)
        window, spectrum = streaming.Windowing(type="hann"), streaming.Spectrum(size=1024)
        cepstrum = streaming.BFCC(inputSize=513, sampleRate=22050, numberCoefficients=13)
        pool = essentia.Pool()
        loader.audio >> frames.signal
        frames.frame >> window.frame >> spectrum.frame
        spectrum.spectrum >> cepstrum.spectrum
        cepstrum.bands >> None
        cepstrum.bfcc >> (pool, "bfcc")
        essentia.run(loader)
        return pool["bfcc"]

    def features(path):
        # Whichever takes less: streams are slow to make, and faster from then on.
        return (streamed if os.path.getsize(path) > 1 << 20 else one_after_the_other)(path)
    return essentia.__version__, lambda task: [features(path) for path in task["files"]]


def faiss_search():
    import faiss
    import numpy as np
    indices = {}

    def search(task):
        index = indices.get(task["codes"])
        if index is None:
            index = indices[task["codes"]] = faiss.IndexBinaryFlat(128)
            index.add(np.load(task["codes"]))
        faiss.omp_set_num_threads(task["threads"])
        return lambda: index.search(np.array(task["queries"], dtype=np.uint8), task["count"])[0]
    return faiss.__version__, search


def usearch_search():
    import numpy as np
    import usearch.index
    loaded = {}

    def search(task):
        codes = loaded.get(task["codes"])
        if codes is None:
            codes = loaded[task["codes"]] = np.load(task["codes"])
        queries = np.array(task["queries"], dtype=np.uint8)
        # For one question it gives one row, for several a table.
        return lambda: np.atleast_2d(usearch.index.search(
            codes, queries, task["count"], usearch.index.MetricKind.Hamming, exact=True,
            threads=task["threads"]).distances)
    import usearch as package
    return package.__version__, search


def main():
    library = sys.argv[1]
    make = {"librosa": librosa_features, "essentia": essentia_features, "faiss": faiss_search,
            "usearch": usearch_search}[library]
    # What a library prints by itself is no answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    try:
        version, work = make()
    except ImportError as missing:
        print(json.dumps({"missing": "%s (%s): pip install %s" % (library, missing, HOW_TO_INSTALL[library])}),
              file=answers)
        return
    print(json.dumps({"version": version}), file=answers, flush=True)
    for line in sys.stdin:
        task = json.loads(line)
        if "codes" in task:
            search = work(task)
        else:
            def search():
                work(task)
        begin, cpu = time.perf_counter(), time.process_time()
        found = search()
        answer = {"seconds": time.perf_counter() - begin, "cpu": time.process_time() - cpu}
        if "codes" in task:
            answer["nearest"] = [[int(distance) for distance in row] for row in found]
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
