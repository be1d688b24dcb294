// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import live.millrace.media.bucket.Bucket;
import live.millrace.media.bucket.BucketConfig;
import live.millrace.media.bucket.BucketException;

/**
 * What became of an object that was put into the bucket for recordings, read, and deleted.
 *
 * @param words what is the case, and what to look at where something is wrong; without a key
 */
public record BucketTrial(boolean good, String words) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * Tries it. Blocks, for a minute or two at most.
     *
     * @return empty when none is set up
     * @throws live.millrace.platform.shared.StartupException when its settings are half filled, or cannot be
     */
    public static Optional<BucketTrial> of(BucketSettings settings) {
        return settings.config().map(BucketTrial::of);
    }

    private static BucketTrial of(BucketConfig config) {
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
                    ? new BucketTrial(true, config + " takes, gives and deletes an object")
                    : new BucketTrial(false, config + " gave back another object than it took");
        } catch (BucketException e) {
            return new BucketTrial(
                    false,
                    config + " " + step + ": " + e.getMessage()
                            + (e.refused()
                                    ? ". Look at the keys, their rights, region and name; docs/operations.md lists them."
                                    : "."));
        } catch (IOException e) {
            return new BucketTrial(
                    false,
                    config + " " + step + ": " + e + ". Look at millrace.recording.bucket.endpoint and path-style.");
        }
    }
}
