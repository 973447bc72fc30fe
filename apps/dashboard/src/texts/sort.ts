import { both } from './both';

export const SORT_TEXTS = both(
  {
    title: 'Order in the shop',
    open: 'Sort',
    back: 'Back to products',
    text: 'Drag the products into the order in which buyers see them. With a keyboard, choose a handle and press the arrows.',
    bot: 'Bot',
    emptyTitle: 'Nothing to sort yet',
    emptyText: 'Products on sale appear here.',
    make: 'Create a product',
    move: (name: string) => `Move ${name}`,
    moveHint: 'Drag, or press the arrow keys',
    now: (name: string, place: number, count: number) => `${name}: place ${place} of ${count}`,
    save: 'Save the order',
    discard: 'Discard',
  },
  {
    title: 'Порядок в магазине',
    open: 'Порядок',
    back: 'К товарам',
    text: 'Перетащите товары в том порядке, в котором их видят покупатели. С клавиатуры выберите ручку и нажимайте стрелки.',
    bot: 'Бот',
    emptyTitle: 'Пока нечего упорядочивать',
    emptyText: 'Здесь появятся товары в продаже.',
    make: 'Создать товар',
    move: (name: string) => `Переместить ${name}`,
    moveHint: 'Перетащите или нажимайте стрелки',
    now: (name: string, place: number, count: number) => `${name}: место ${place} из ${count}`,
    save: 'Сохранить порядок',
    discard: 'Не менять',
  },
);
