/** The one instant of a campaign. Wall time, zone and instant are all kept: rules of time zones change. */
export interface Moment {
  /** Wall time as the campaigner gave it: 2017-07-10T11:00:00, no offset. */
  wall: string;
  /** IANA zone: Europe/Moscow. */
  zone: string;
  /** The instant derived from both. */
  instant: Date;
  /** Which time zone rules derived it: process.versions.tz, e.g. 2025c. */
  tzdata: string;
}
