/* SPDX-License-Identifier: Apache-2.0 */
/* Follows what a closure would dlopen(): asked for, by metadata note, by guess. */
#ifndef ENGINE_LOAD_DLOPEN_H
#define ENGINE_LOAD_DLOPEN_H

#include "engine/load/forecast.h"

/* Appends the groups to the forecast's closure. 0 or a negative errno class. */
int dlopen_follow(struct forecaster *forecaster, struct forecast *forecast,
		  const struct forecast_options *options) MUST_CHECK;

#endif
