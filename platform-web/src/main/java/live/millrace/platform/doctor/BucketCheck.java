// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import java.util.List;
import live.millrace.platform.doctor.Finding.Subject;
import live.millrace.platform.engine.BucketSettings;
import live.millrace.platform.engine.BucketTrial;
import live.millrace.platform.shared.StartupException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Whether the bucket for recordings takes, gives and deletes an object, where one is set up. */
final class BucketCheck {
    private BucketCheck() {}

    static List<Finding> examine(Environment settings) {
        try {
            return BucketTrial.of(Binder.get(settings).bindOrCreate("millrace.recording.bucket", BucketSettings.class))
                    .map(BucketCheck::finding)
                    .map(List::of)
                    .orElseGet(List::of);
        } catch (StartupException e) {
            return List.of(Finding.bad(Subject.BUCKET, "said", e.getMessage() + " " + e.action()));
        } catch (BindException e) {
            return List.of(Finding.bad(Subject.BUCKET, "malformed"));
        }
    }

    private static Finding finding(BucketTrial trial) {
        return trial.good()
                ? Finding.good(Subject.BUCKET, "said", trial.words())
                : Finding.bad(Subject.BUCKET, "said", trial.words());
    }
}
