/** The rooms of the house, and where each may look. The first room that matches a file is its room. */

/** `type`: a type-only import is allowed. `own folder`: whatever the room's expression matched is the beginning of the path. */
export type Permission = RegExp | { type: RegExp } | "own folder";

export interface Room {
  files: RegExp;
  mayImport: readonly Permission[];
}

export const rooms: readonly Room[] = [
  { files: /^bin\//, mayImport: [/^\.build\/cli\/main\.js$/] },
  { files: /^src\/printable\.ts$/, mayImport: [] },
  { files: /^src\/errors\.ts$/, mayImport: [/^src\/printable\.ts$/] },
  { files: /^src\/files\//, mayImport: ["own folder"] },
  { files: /^src\/model\.ts$/, mayImport: [{ type: /^src\/template\/(parameter|template)\.ts$/ }] },
  { files: /^src\/template\//, mayImport: ["own folder", /^src\/printable\.ts$/] },
  { files: /^infra\/handlers\//, mayImport: ["own folder"] },
  { files: /^src\/emulator\/service-error\.ts$/, mayImport: [] },
  { files: /^src\/emulator\/kernel\//, mayImport: ["own folder"] },
  {
    files: /^src\/emulator\/platforms\//,
    mayImport: ["own folder", /^src\/emulator\/kernel\//, { type: /^src\/model\.ts$/ }],
  },
  {
    files: /^src\/emulator\/account\.ts$/,
    mayImport: [{ type: /^src\/(template\/|emulator\/(kernel|platforms|template)\/)/ }],
  },
  {
    files: /^src\/emulator\/template\//,
    mayImport: ["own folder", /^src\/emulator\/(account|service-error|platforms\/.*)\.ts$/, /^src\/template\//],
  },
  {
    files: /^src\/emulator\/api\//,
    mayImport: [
      "own folder",
      /^src\/emulator\/(account|service-error|(kernel|template)\/.*)\.ts$/,
      { type: /^src\/(template|emulator\/platforms)\// },
    ],
  },
  { files: /^src\/emulator\/wire\//, mayImport: ["own folder", /^src\/emulator\/(service-error|api\/.*)\.ts$/] },
  // Every other folder of the emulator is a service. Services meet in the account, and none imports another.
  {
    files: /^src\/emulator\/[^/]+\//,
    mayImport: [
      "own folder",
      /^src\/emulator\/(account|service-error)\.ts$/,
      /^src\/emulator\/(kernel|platforms|api|wire|template)\//,
      /^src\/template\//,
      /^infra\/handlers\/(limit|sink)\.ts$/,
      { type: /^(src\/model|infra\/handlers\/ports)\.ts$/ },
    ],
  },
  {
    files: /^src\/emulator\//,
    mayImport: ["own folder", { type: /^(src\/model|infra\/handlers\/ports)\.ts$/ }],
  },
  { files: /^src\/rows\//, mayImport: ["own folder", { type: /^src\/model\.ts$/ }] },
  {
    files: /^src\/database\//,
    mayImport: ["own folder", /^src\/(errors|files\/.*|rows\/columns)\.ts$/, { type: /^src\/model\.ts$/ }],
  },
  {
    files: /^src\/calibration\//,
    mayImport: ["own folder", /^src\/metrics\/statistics\.ts$/, { type: /^src\/model\.ts$/ }],
  },
  {
    files: /^src\/metrics\//,
    mayImport: [
      "own folder",
      /^infra\/handlers\/(limit|message-group)\.ts$/,
      { type: /^src\/(model|rows\/columns)\.ts$/ },
    ],
  },
  {
    files: /^src\/records\//,
    mayImport: ["own folder", /^src\/(errors|files\/.*|metrics\/figures)\.ts$/, { type: /^src\/model\.ts$/ }],
  },
  {
    files: /^src\/reports\//,
    mayImport: [
      "own folder",
      /^src\/metrics\//,
      /^(src\/(errors|printable)|infra\/handlers\/limit)\.ts$/,
      { type: /^src\/(model|simulation\/(search\/(question|answer)|sweep\/sweep))\.ts$/ },
      // An event path is told in the same words everywhere.
      /^src\/systems\/event-path\.ts$/,
      { type: /^src\/systems\/(system|lifted|advice)\.ts$/ },
      /^src\/template\/template\.ts$/,
    ],
  },
  {
    files: /^src\/scenarios\//,
    mayImport: [
      "own folder",
      /^src\/(errors|printable|files\/user-file)\.ts$/,
      /^src\/template\//,
      // The handlers themselves say what is wrong with their environment.
      /^infra\/handlers\/(producer|consumer|recorder|adapter|limit|variables)\.ts$/,
      { type: /^infra\/handlers\/ports\.ts$/ },
      { type: /^src\/model\.ts$/ },
    ],
  },
  // An account is asked for a system by its clients.
  {
    files: /^src\/systems\/account\//,
    mayImport: [
      /^src\/systems\//,
      /^src\/template\//,
      /^src\/(errors|targets\/(send|refusal|service-rules))\.ts$/,
      { type: /^src\/targets\/target\.ts$/ },
    ],
  },
  {
    files: /^src\/systems\//,
    mayImport: [
      "own folder",
      /^src\/(template|scenarios)\//,
      // The values that AWS fills in are numbers of the model.
      /^src\/(errors|printable|files\/user-file|targets\/service-rules)\.ts$/,
      { type: /^src\/(model|targets\/clients)\.ts$/ },
    ],
  },
  // When a run acts on its clock is pure, so that it can be walked without clients.
  {
    files: /^src\/steps\/(shards|timetable)\.ts$/,
    mayImport: [/^src\/steps\/shards\.ts$/, { type: /^src\/model\.ts$/ }],
  },
  {
    files: /^src\/steps\//,
    mayImport: [
      "own folder",
      /^src\/(stacks|metrics)\//,
      /^src\/template\/(effective|parameter|references)\.ts$/,
      { type: /^src\/template\/template\.ts$/ },
      /^src\/(errors|targets\/(refusal|send))\.ts$/,
      /^infra\/handlers\/message-group\.ts$/,
      { type: /^src\/(model|targets\/(clients|target))\.ts$/ },
    ],
  },
  {
    files: /^src\/stacks\//,
    mayImport: [
      "own folder",
      /^src\/(errors|steps\/timetable|targets\/(refusal|send))\.ts$/,
      { type: /^src\/(model|targets\/target)\.ts$/ },
    ],
  },
  {
    files: /^src\/doctor\//,
    mayImport: [
      "own folder",
      /^src\/(errors|stacks\/(tags|concurrency))\.ts$/,
      { type: /^src\/(model|targets\/target)\.ts$/ },
    ],
  },
  {
    files: /^src\/bench\.ts$/,
    mayImport: [
      /^src\/records\/journal\.ts$/,
      /^src\/steps\//,
      /^src\/metrics\//,
      /^src\/errors\.ts$/,
      { type: /^src\/(model|targets\/target)\.ts$/ },
    ],
  },
  {
    files: /^src\/targets\/target\.ts$/,
    mayImport: [{ type: /^src\/(model|database\/access|rows\/columns|targets\/clients)\.ts$/ }],
  },
  {
    files: /^src\/targets\/emulated-account\.ts$/,
    mayImport: [
      /^src\/emulator\/(emulator|observation|platforms\/(platforms|numbers))\.ts$/,
      /^infra\/handlers\/(producer|consumer|recorder|adapter)\.ts$/,
      /^src\/targets\/rows-in-(memory|postgres)\.ts$/,
      { type: /^src\/(model|targets\/target|emulator\/platforms\/fact)\.ts$/ },
    ],
  },
  { files: /^src\/targets\/assumptions\.ts$/, mayImport: [/^src\/emulator\/platforms\/(platforms|numbers)\.ts$/] },
  {
    files: /^src\/targets\/local\.ts$/,
    mayImport: [
      /^src\/targets\/(clients|direct-clients|emulated-account|secret)\.ts$/,
      /^src\/emulator\/(emulator|platforms\/platforms|request-handler|cloudformation\/validation|lambda\/mappings\/poller-waits)\.ts$/,
      { type: /^src\/emulator\/observation\.ts$/ },
      /^src\/errors\.ts$/,
      /^src\/template\/template\.ts$/,
      { type: /^src\/(model|targets\/target|emulator\/platforms\/fact)\.ts$/ },
    ],
  },
  {
    files: /^src\/targets\/service-rules\.ts$/,
    mayImport: [
      /^src\/emulator\/(emulator|platforms\/platforms|cloudformation\/(pseudo-parameters|validation)|lambda\/mappings\/queue-settings)\.ts$/,
      /^src\/template\/effective\.ts$/,
      { type: /^src\/(model|scenarios\/(fault|queue-reading))\.ts$/ },
    ],
  },
  {
    files: /^src\/targets\/direct-clients\.ts$/,
    mayImport: [
      /^src\/targets\/clients\.ts$/,
      /^src\/emulator\/service-error\.ts$/,
      { type: /^src\/emulator\/front\.ts$/ },
    ],
  },
  {
    files: /^src\/targets\/(serve|pace|callers)\.ts$/,
    mayImport: [
      /^src\/targets\/(callers|emulated-account|model-header|pace)\.ts$/,
      /^src\/emulator\/(front|service-error|wire\/message)\.ts$/,
      /^src\/errors\.ts$/,
      { type: /^src\/emulator\/kernel\/kernel\.ts$/ },
    ],
  },
  {
    files: /^src\/targets\//,
    mayImport: [
      /^src\/targets\/(answer|clients|clock|model-header|proxy|recent-rows|refusal|secret)\.ts$/,
      /^src\/(errors|rows\/columns|database\/(access|invocations|server))\.ts$/,
      { type: /^src\/(model|targets\/target)\.ts$/ },
    ],
  },
  // A search says what is true of templates before it simulates them.
  {
    files: /^src\/simulation\/search\//,
    mayImport: [
      "own folder",
      /^src\/(metrics|scenarios|template)\//,
      /^src\/(errors|reports\/(figures|text)|steps\/shards|targets\/(assumptions|service-rules))\.ts$/,
      /^infra\/handlers\/limit\.ts$/,
      { type: /^src\/(model|simulation\/(simulate|simulating))\.ts$/ },
    ],
  },
  {
    files: /^src\/simulation\/sweep\//,
    mayImport: [
      "own folder",
      /^src\/metrics\//,
      /^src\/errors\.ts$/,
      { type: /^src\/(model|simulation\/(simulate|simulating)|records\/sweep-journal)\.ts$/ },
    ],
  },
  {
    files: /^src\/simulation\//,
    mayImport: [
      "own folder",
      /^src\/(bench|errors|database\/job-queues|metrics\/repetitions|steps\/message-groups)\.ts$/,
      /^infra\/handlers\/message-group\.ts$/,
      /^src\/targets\/(clock|local)\.ts$/,
      { type: /^src\/model\.ts$/ },
    ],
  },
  {
    files: /^src\/requests\//,
    mayImport: [
      "own folder",
      /^src\/scenarios\//,
      /^src\/(metrics\/expectations|targets\/service-rules|template\/secrets)\.ts$/,
      { type: /^src\/model\.ts$/ },
    ],
  },
  // They stand for modules, in a browser, and for nothing else.
  {
    files: /^src\/explore\/in-browser\//,
    mayImport: [{ type: /^src\/steps\/deployment-package\.ts$/ }],
  },
  {
    files: /^src\/explore\//,
    mayImport: [
      "own folder",
      /^src\/(reports|requests)\//,
      /^src\/(errors|metrics\/expectations|scenarios\/(scenario|settings)|simulation\/simulate|template\/parameter)\.ts$/,
      /^infra\/handlers\/limit\.ts$/,
      { type: /^src\/model\.ts$/ },
    ],
  },
  {
    files: /^src\/cli\//,
    mayImport: [
      "own folder",
      /^src\/(explore|files|requests|scenarios|systems|reports|records|targets|database|metrics|calibration|simulation|stacks|doctor)\//,
      /^infra\/handlers\/limit\.ts$/,
      /^src\/(bench|errors|model|printable)\.ts$/,
      /^src\/steps\/(progress|record|refresh|shards|stack)\.ts$/,
      // The estimate before a run counts what a run is billed by as its meter does.
      /^src\/steps\/(function|unpriced-resources)\.ts$/,
      { type: /^src\/steps\/meter\.ts$/ },
      /^src\/template\/(nearest|secrets)\.ts$/,
    ],
  },
];
