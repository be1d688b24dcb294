// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import live.millrace.platform.shared.DataDirectory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Looks at an installation: from outside, while it runs or while it does not, or from within. */
public final class Doctor {
    private Doctor() {}

    /** Everything that was looked at, in the order in which one depends on the other. Takes a few seconds at most for each. */
    public static List<Finding> examine(Environment settings) {
        List<Finding> findings = new ArrayList<>();
        examine(settings, findings::add);
        return findings;
    }

    /** The same, each told as soon as it is known, on the caller's thread: a database that has to be started first takes its time. */
    public static void examine(Environment settings, Consumer<Finding> found) {
        DataDirectory data = Binder.get(settings).bindOrCreate("millrace", DataDirectory.class);
        MachineChecks.examine(data).forEach(found);
        found.accept(FfmpegCheck.examine(settings));
        DatabaseChecks database = new DatabaseChecks(settings);
        database.examine(found);
        boolean within = settings.containsProperty(NetworkChecks.OWN_PORT);
        NetworkChecks.examine(settings, within ? LastStart.none() : LastStart.read(data), database.siteRuns(), found);
        BucketCheck.examine(settings).forEach(found);
        found.accept(BackupCheck.examine(data));
    }
}
