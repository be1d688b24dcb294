// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.nio.file.Path;
import java.util.OptionalLong;
import org.springframework.stereotype.Component;

/** What recordings may take, for those who add some. */
@Component
public class RecordingLimits {
    private final RecordingRetention retention;
    private final RecordingStore store;

    RecordingLimits(RecordingRetention retention, RecordingStore store) {
        this.retention = retention;
        this.store = store;
    }

    /** Bytes of one channel; empty for no limit. */
    public OptionalLong channelQuota() {
        return retention.channelQuota();
    }

    /** Bytes of all; empty while nobody knows. */
    public OptionalLong siteQuota() {
        return retention.siteQuota();
    }

    /** Where their bytes are. */
    public Path directory() {
        return store.directory();
    }
}
