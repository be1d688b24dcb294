// SPDX-License-Identifier: Apache-2.0
/** What every page gets: the names of its assets, its language and theme. */
@NamedInterface("web")
@NullMarked
package live.millrace.platform.shared.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
