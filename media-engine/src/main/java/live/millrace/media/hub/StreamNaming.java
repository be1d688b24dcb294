// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.Locale;
import java.util.Optional;

/** How what an address says becomes the path of a stream. */
public enum StreamNaming {
    /** Application and name as they come, case kept; an address without an application means {@value StreamPath#LIVE}. */
    AS_SAID {
        @Override
        public Optional<StreamPath> path(String application, String name) {
            return StreamPath.of(application.isEmpty() ? StreamPath.LIVE : application, name);
        }
    },

    /** There are channels and nothing else: whatever the application, it is {@value StreamPath#LIVE}, and names are in lower case. */
    CHANNELS {
        @Override
        public Optional<StreamPath> path(String application, String name) {
            return StreamPath.of(StreamPath.LIVE, name.toLowerCase(Locale.ROOT));
        }
    };

    /**
     * The path of what came from outside; empty when it breaks {@link StreamPath#RULE}.
     *
     * @param application empty if the address says none
     */
    public abstract Optional<StreamPath> path(String application, String name);
}
