import {
  AHEAD,
  DELIVERING,
  DELIVERY_OVER,
  HOLDABLE,
  ON_COURSE,
  OVER,
  UNAPPROVED,
  UNDER_WAY,
} from '../domain/campaign.ts';
import { stateList } from './state-list.ts';

export const UNAPPROVED_STATES = stateList(UNAPPROVED);
export const AHEAD_STATES = stateList(AHEAD);
export const DELIVERING_STATES = stateList(DELIVERING);
export const DELIVERY_OVER_STATES = stateList(DELIVERY_OVER);
export const UNDER_WAY_STATES = stateList(UNDER_WAY);
export const HOLDABLE_STATES = stateList(HOLDABLE);
export const ON_COURSE_STATES = stateList(ON_COURSE);
export const OVER_STATES = stateList(OVER);
