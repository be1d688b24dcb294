// SPDX-License-Identifier: Apache-2.0
/** ONVIF, as far as it is needed to find a camera and the address of its stream (ONVIF Core 7.3 and 5.12, Media 5; WS-Discovery 2005/04). */
@NullMarked
package live.millrace.platform.camera.internal.onvif;

import org.jspecify.annotations.NullMarked;
