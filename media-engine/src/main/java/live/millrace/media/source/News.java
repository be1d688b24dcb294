// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said of one source: a camera that is off for days has one line, not one for each try. Confined to the loop of its stream. */
final class News {
    private static final Logger LOG = LoggerFactory.getLogger(FetchedStream.class);

    private String said = "";

    /** Says it, at DEBUG what was said last. */
    void say(String line) {
        if (line.equals(said)) {
            LOG.debug(line);
        } else {
            said = line;
            LOG.info(line);
        }
    }

    /** It runs: what goes wrong next is new. */
    void over() {
        said = "";
    }
}
