// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;

/** The stretches of a recording in each of which every track has one format: what one file can hold for all players. */
record Runs(List<Run> all) {
    /** A stretch of media time, in milliseconds. */
    record Run(long from, long to) {}

    int size() {
        return all.size();
    }

    Run get(int index) {
        return all.get(index);
    }

    static Runs of(Recording recording, List<String> tracks) {
        List<Run> runs = new ArrayList<>();
        Map<String, Integer> formats = new HashMap<>();
        long start = 0;
        for (RecordedSpan span : recording.spans().stream()
                .filter(span -> tracks.contains(span.track()) && span.segments().size() > 0)
                .sorted((a, b) -> Long.compare(a.startMillis(), b.startMillis()))
                .toList()) {
            Integer before = formats.put(span.track(), span.format());
            if (before != null && before != span.format() && span.startMillis() > start) {
                runs.add(new Run(start, span.startMillis()));
                start = span.startMillis();
            }
        }
        runs.add(new Run(start, Long.MAX_VALUE));
        return new Runs(runs);
    }
}
