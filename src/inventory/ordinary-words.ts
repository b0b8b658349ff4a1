/** Words that stand in every repository. A name that is one of them finds the whole world. */
const words = new Set(
  `access account admin agent alert alpha analytics android api apollo app apple application archive asset assets atlas
  audit auth backend backup base batch beacon beta billing board bot bridge browser build builder bundle cache calendar
  cart catalog chart chat checkout cli client cloud cluster code commerce common compass component components config
  connect console container content control core crawler crypto customer daemon dashboard data database debug default
  delta demo deploy design dev device dispatch docker docs document domain dragon eagle echo edge editor email engine
  event events exchange express falcon feature feed file files filter flow form forms forum framework front frontend
  function fusion galaxy game gateway generic genesis global graph grid group guide handler health hello helper helpers
  hermes home horizon host http hub icon icons identity image images import index infra infrastructure input insight
  integration interface internal inventory invoice ios item job jobs json jupiter kafka kernel key kit language launch
  layout ledger lib library link linux list loader local location log logger logging login machine magic mail main
  manager map market master matrix media member memory menu mercury message messages meta metrics middleware migration
  mobile mock model models module monitor native nebula network news node notification notifications nova oauth object
  ocean office omega open operator orbit order orders orion package page panel parser partner password patch payment
  payments phoenix photo pipeline pixel platform player plugin plugins policy pool portal post price private process
  product production products profile project prometheus protocol proxy public pulse pump query queue quest radar raven
  react reader record redis registry release remote report reports request resource response rest robot rocket root
  router rules runner runtime sample sandbox scanner schedule scheduler schema script sdk search secret secure security
  sensor server service services session settings shared shell shield shop signal simple site skeleton socket source
  spark sphinx spring sql stack staging standard starter state static status storage store stream studio style styles
  support sync system table target task tasks team template templates terminal test testing tests text theme ticket
  time titan token tool tools toolkit tracker training transfer translate tree trigger type types update upload user
  users util utilities utility utils validator vault vector vendor version video view views vision visual voice vulcan
  wallet watch web webapp webhook website widget widgets window windows wizard worker workers workflow workspace writer
  yaml zero zone zeus`.split(/\s+/),
)

/** True for a word that everybody uses. */
export function isOrdinaryWord(text: string): boolean {
  return words.has(text.toLowerCase())
}
