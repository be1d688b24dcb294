// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import live.millrace.media.bucket.Bucket;
import live.millrace.media.bucket.BucketConfig;
import live.millrace.media.bucket.BucketException;
import live.millrace.media.recording.SpanArchive;
import live.millrace.platform.engine.EngineSettings;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** The bucket that recordings go to, if there is one: the engine reads from it what the disk has no more. Thread-safe. */
@Component
class RecordingBucket implements SpanArchive, DisposableBean {
    private static final int NOT_FOUND = 404;
    private static final int NO_SUCH_RANGE = 416;

    private final Optional<BucketConfig> config;
    private final Optional<Bucket> bucket;

    /** @throws live.millrace.platform.shared.StartupException when its settings are half filled, or cannot be */
    RecordingBucket(EngineSettings settings, Clock clock) {
        this.config = settings.recording().bucket().config();
        this.bucket = config.map(each -> new Bucket(each, clock));
    }

    /** Empty when recordings stay on the disk. */
    Optional<Bucket> bucket() {
        return bucket;
    }

    /** Where it is, for people; empty when there is none. */
    String place() {
        return config.map(BucketConfig::toString).orElse("");
    }

    @Override
    public byte[] read(String object, long offset, int length, Duration deadline) throws IOException {
        try {
            return there(object).read(object, offset, length, deadline);
        } catch (EOFException shorter) {
            throw gone(object, shorter);
        } catch (BucketException e) {
            throw e.status() == NOT_FOUND || e.status() == NO_SUCH_RANGE ? gone(object, e) : e;
        }
    }

    @Override
    public byte[] readAll(String object, int most, Duration deadline) throws IOException {
        try {
            return there(object).readAll(object, most, deadline);
        } catch (BucketException e) {
            throw e.status() == NOT_FOUND ? gone(object, e) : e;
        }
    }

    private Bucket there(String object) throws NoSuchFileException {
        return bucket.orElseThrow(() -> new NoSuchFileException(object));
    }

    private static IOException gone(String object, IOException cause) {
        NoSuchFileException gone = new NoSuchFileException(object);
        gone.initCause(cause);
        return gone;
    }

    @Override
    public void destroy() {
        bucket.ifPresent(Bucket::close);
    }
}
