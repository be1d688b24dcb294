// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import live.millrace.media.server.Transport;
import org.jspecify.annotations.Nullable;

/** Settings on free ports. */
final class TestSettings {
    static final String TOKEN = "token-for-tests-only";

    private TestSettings() {}

    static EngineFile of(
            Path directory, EngineFile.@Nullable Publish publish, EngineFile.@Nullable Callbacks callbacks) {
        return of(directory, publish, callbacks, null);
    }

    static EngineFile of(
            Path directory,
            EngineFile.@Nullable Publish publish,
            EngineFile.@Nullable Callbacks callbacks,
            @Nullable RecordingSettings recording) {
        return of(directory, publish, callbacks, recording, null);
    }

    static EngineFile of(
            Path directory,
            EngineFile.@Nullable Publish publish,
            EngineFile.@Nullable Callbacks callbacks,
            @Nullable RecordingSettings recording,
            @Nullable List<TicketRules.Setting> tickets) {
        return new EngineFile(
                "127.0.0.1",
                directory.toString(),
                Duration.ofMillis(1),
                Transport.AUTO,
                null,
                null,
                new EngineFile.Rtmp(0, Duration.ofSeconds(1), null, null, null, null, null, null),
                new RtspSettings(0, null),
                new SrtSettings(0, null, null),
                new WebrtcSettings(0, null),
                new EngineFile.Http(0, null, null),
                new EngineFile.Hls(null, true),
                new EngineFile.Api(null, 0, TOKEN, null),
                publish,
                callbacks,
                recording,
                tickets,
                null,
                true,
                null);
    }
}
