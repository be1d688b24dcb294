// SPDX-License-Identifier: Apache-2.0
/**
 * Sound of a live stream in a codec that players know, made of the one that comes by one child of FFmpeg for all who want it:
 * {@link live.millrace.media.sound.Recipe} says what of what. Decoding and encoding sound is FFmpeg's; what is here keeps its clock, and keeps it from holding anything up.
 */
@NullMarked
package live.millrace.media.sound;

import org.jspecify.annotations.NullMarked;
