// SPDX-License-Identifier: Apache-2.0
/**
 * Sound of a live stream in the codec that viewers by WebRTC play, made of the one that encoders send by one child of FFmpeg for all who want
 * it. Decoding and encoding sound is FFmpeg's; what is here keeps its clock, and keeps it from holding anything up.
 */
@NullMarked
package live.millrace.media.sound;

import org.jspecify.annotations.NullMarked;
