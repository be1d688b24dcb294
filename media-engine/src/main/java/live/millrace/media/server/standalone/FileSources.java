// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.util.Map;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.source.SourceMode;
import live.millrace.media.source.Sources;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that what the settings file has fetched is fetched, and no more what it had before. What came by the API stays. */
final class FileSources {
    private static final Logger LOG = LoggerFactory.getLogger(FileSources.class);

    private volatile Map<StreamPath, SourceSettings.Wanted> inForce = Map.of();

    /** Whether a stream of the file is always on, and so to be recorded where all is. */
    boolean isAlwaysOn(StreamPath path) {
        SourceSettings.Wanted wanted = inForce.get(path);
        return wanted != null && wanted.mode() == SourceMode.ALWAYS;
    }

    /**
     * Puts a file's sources in force; what is in it unchanged goes on undisturbed.
     *
     * @return whether there was a difference
     * @throws IllegalArgumentException if nothing speaks the scheme of one; then nothing has changed
     */
    synchronized boolean put(Map<StreamPath, SourceSettings.Wanted> wanted, Sources sources) {
        wanted.forEach((path, each) -> {
            if (!sources.speaks(each.address())) {
                throw new IllegalArgumentException(
                        "sources: " + path + " cannot be fetched: nothing here speaks the scheme of its address.");
            }
        });
        Map<StreamPath, SourceSettings.Wanted> before = inForce;
        before.keySet().stream().filter(path -> !wanted.containsKey(path)).forEach(sources::remove);
        // First: whoever hears of a broadcast may ask whether it is one of these.
        inForce = Map.copyOf(wanted);
        wanted.forEach((path, each) -> {
            if (!each.equals(before.get(path))) {
                sources.put(path, each.address(), each.mode());
            }
        });
        boolean changed = !before.equals(inForce);
        if (changed) {
            long always = wanted.keySet().stream().filter(this::isAlwaysOn).count();
            LOG.info("To be fetched: {} streams always, {} while somebody watches", always, wanted.size() - always);
        }
        return changed;
    }
}
