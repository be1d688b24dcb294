// SPDX-License-Identifier: Apache-2.0
/**
 * What happens before there is a site: the choice of the process that it runs in. Java's own classes and the engine's {@code launch}
 * alone, for the build puts both before the libraries of the jar, where nothing else can be seen.
 */
@NamedInterface("launch")
@NullMarked
package live.millrace.platform.engine.launch;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
