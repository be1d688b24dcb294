// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import java.util.OptionalInt;

/** A port beside the site's own, without encryption, with the same guard and the same pages; what else it does is a filter's to say. A bean. */
public interface FurtherPort {
    /** Empty for none. */
    OptionalInt port();

    /** The setting that says which, for whoever cannot have it. */
    String setting();
}
