// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which Millrace this is. */
public final class ProgramVersion {
    private ProgramVersion() {}

    /** As it was packaged; what runs from classes has none. */
    public static Optional<String> packaged() {
        @Nullable String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return Optional.ofNullable(version);
    }
}
