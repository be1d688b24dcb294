// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

import org.jspecify.annotations.Nullable;

/**
 * What is to be fetched, or by whose right, is not what it was. Published in the transaction that changes it.
 *
 * @param fresh the channel whose camera is to be asked, however it failed before; null for none
 */
record CamerasChanged(@Nullable String fresh) {}
