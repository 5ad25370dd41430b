export class Desk implements DeskManager {
  async ping( {
}
