// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import java.util.ArrayList;
import java.util.List;
import live.millrace.platform.shared.DataDirectory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Looks at an installation: from outside, while it runs or while it does not, or from within. */
public final class Doctor {
    private Doctor() {}

    /** Everything that was looked at, in the order in which one depends on the other. Takes a few seconds at most for each. */
    public static List<Finding> examine(Environment settings) {
        DataDirectory data = Binder.get(settings).bindOrCreate("millrace", DataDirectory.class);
        List<Finding> findings = new ArrayList<>(MachineChecks.examine(data));
        findings.add(FfmpegCheck.examine(settings));
        DatabaseChecks database = new DatabaseChecks(settings);
        findings.addAll(database.examine());
        findings.addAll(NetworkChecks.examine(settings, database.siteRuns()));
        findings.addAll(BucketCheck.examine(settings));
        findings.add(BackupCheck.examine(data));
        return findings;
    }
}
