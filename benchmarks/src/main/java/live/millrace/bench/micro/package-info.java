// SPDX-License-Identifier: Apache-2.0
/**
 * What single steps of the media path cost, with JMH. Run with {@code -prof gc}: what is allocated for each frame is a result.
 */
@NullMarked
package live.millrace.bench.micro;

import org.jspecify.annotations.NullMarked;
