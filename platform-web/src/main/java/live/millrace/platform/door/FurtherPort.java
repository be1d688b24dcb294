// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import java.util.OptionalInt;

/** A port beside the site's own, without encryption, with the same guard and the same pages; what else it does is a filter's to say. A bean. */
@FunctionalInterface
public interface FurtherPort {
    /** Empty for none. */
    OptionalInt port();
}
