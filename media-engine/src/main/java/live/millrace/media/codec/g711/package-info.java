// SPDX-License-Identifier: Apache-2.0
/**
 * G.711: sound of telephones and cameras.
 */
@NullMarked
package live.millrace.media.codec.g711;

import org.jspecify.annotations.NullMarked;
