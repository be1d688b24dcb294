// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import java.util.List;
import live.millrace.platform.engine.BucketSettings;
import live.millrace.platform.engine.BucketTrial;
import live.millrace.platform.shared.StartupException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Whether the bucket for recordings takes, gives and deletes an object, where one is set up. */
final class BucketCheck {
    private static final String SUBJECT = "Bucket";

    private BucketCheck() {}

    static List<Finding> examine(Environment settings) {
        try {
            return BucketTrial.of(Binder.get(settings).bindOrCreate("millrace.recording.bucket", BucketSettings.class))
                    .map(BucketCheck::finding)
                    .map(List::of)
                    .orElseGet(List::of);
        } catch (StartupException e) {
            return List.of(Finding.bad(SUBJECT, e.getMessage() + " " + e.action()));
        } catch (BindException e) {
            return List.of(
                    Finding.bad(SUBJECT, "millrace.recording.bucket cannot be read. README lists its settings."));
        }
    }

    private static Finding finding(BucketTrial trial) {
        return trial.good() ? Finding.good(SUBJECT, trial.words()) : Finding.bad(SUBJECT, trial.words());
    }
}
