// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import live.millrace.media.bucket.Bucket;
import live.millrace.media.bucket.BucketConfig;
import live.millrace.media.bucket.BucketException;
import live.millrace.platform.engine.BucketSettings;
import live.millrace.platform.shared.StartupException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Whether the bucket for recordings takes, gives and deletes an object, where one is set up. */
final class BucketCheck {
    private static final String SUBJECT = "Bucket";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private BucketCheck() {}

    static List<Finding> examine(Environment settings) {
        try {
            Optional<BucketConfig> bucket = Binder.get(settings)
                    .bindOrCreate("millrace.recording.bucket", BucketSettings.class)
                    .config();
            return bucket.map(each -> List.of(examine(each))).orElseGet(List::of);
        } catch (StartupException e) {
            return List.of(Finding.bad(SUBJECT, e.getMessage() + " " + e.action()));
        } catch (BindException e) {
            return List.of(
                    Finding.bad(SUBJECT, "millrace.recording.bucket cannot be read. README lists its settings."));
        }
    }

    private static Finding examine(BucketConfig config) {
        String name = "doctor-" + UUID.randomUUID();
        byte[] words = "Millrace was here.\n".getBytes(StandardCharsets.US_ASCII);
        String step = "takes no object";
        try (Bucket bucket = new Bucket(config, InstantSource.system())) {
            bucket.put(name, words);
            step = "took an object and does not say how long it is";
            boolean whole = bucket.length(name).orElse(0) == words.length;
            step = "took an object and does not give it";
            whole &= Arrays.equals(bucket.read(name, 0, words.length, PATIENCE), words);
            step = "took an object, " + name + ", and does not delete it";
            bucket.delete(name);
            return whole
                    ? Finding.good(SUBJECT, config + " takes, gives and deletes an object")
                    : Finding.bad(SUBJECT, config + " gave back another object than it took");
        } catch (BucketException e) {
            return Finding.bad(
                    SUBJECT,
                    config + " " + step + ": " + e.getMessage()
                            + (e.refused()
                                    ? ". Look at the keys, their rights, region and name; docs/operations.md lists them."
                                    : "."));
        } catch (IOException e) {
            return Finding.bad(
                    SUBJECT,
                    config + " " + step + ": " + e + ". Look at millrace.recording.bucket.endpoint and path-style.");
        }
    }
}
